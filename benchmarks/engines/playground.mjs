// TensorFlow Playground's engine, given as a compiled module by path: node playground.mjs MODULE PROBLEM.json
// Speaks the same protocol as process.py; parameters go to a JSON file.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modulePath, problemPath] = process.argv.slice(2);
const nn = await import(pathToFileURL(modulePath));
const { settings, inputs, targets, initial } = JSON.parse(readFileSync(problemPath, "utf8"));
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");

// Its only error is the squared one; the cross-entropy is ours, in its form.
const crossentropy = {
  error: (a, y) => -(y * Math.log(a) + (1 - y) * Math.log(1 - a)),
  der: (a, y) => (a - y) / (a * (1 - a)),
};
const error = settings.error === "half_squared" ? nn.Errors.SQUARE : crossentropy;
let network;

function reset() {
  const activations = { tanh: nn.Activations.TANH, sigmoid: nn.Activations.SIGMOID, relu: nn.Activations.RELU };
  const shape = [inputs[0][0].length, ...initial.map((layer) => layer.biases.length)];
  const names = inputs[0][0].map((_, index) => `x${index}`);
  network = nn.buildNetwork(shape, activations[settings.hidden], activations[settings.output], null, names);
  initial.forEach((layer, index) =>
    network[index + 1].forEach((node, unit) => {
      node.bias = layer.biases[unit];
      node.inputLinks.forEach((link, source) => { link.weight = layer.weights[source][unit]; });
    }));
}

function run(steps) {
  for (let step = 0; step < steps; step++) {
    const batch = step % inputs.length;
    for (let sample = 0; sample < inputs[batch].length; sample++) {
      nn.forwardProp(network, inputs[batch][sample]);
      nn.backProp(network, targets[batch][sample][0], error);
    }
    nn.updateWeights(network, settings.learning_rate, 0);
  }
}

function parameters() {
  return network.slice(1).map((nodes) => ({
    weights: nodes[0].inputLinks.map((_, source) => nodes.map((node) => node.inputLinks[source].weight)),
    biases: nodes.map((node) => node.bias),
  }));
}

reset();
run(1);
say({ version: `TensorFlow Playground's nn.ts, node ${process.versions.node}` });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  reset();
  if ("epoch" in command) {
    run(inputs.length);
    writeFileSync(command.epoch, JSON.stringify(parameters()));
    say({ saved: command.epoch });
  } else {
    const start = performance.now(), before = process.cpuUsage();
    run(command.run);
    const microseconds = (performance.now() - start) * 1000, used = process.cpuUsage(before);
    say({ steps: command.run, microseconds, work: used.user + used.system });
  }
}
