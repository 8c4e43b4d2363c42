"""PyTorch in eager execution, as in its tutorials: nn.Sequential, a loss and an optimizer."""

from typing import Any

from benchmarks.engines.process import serve
from benchmarks.problem import Parameters, Problem


class TorchEager:
    """float32 on the CPU with one thread; the batches are tensors."""

    def __init__(self, problem: Problem) -> None:
        import torch  # type: ignore[import-not-found]

        torch.set_num_threads(1)
        self.torch, self.problem = torch, problem
        self.version = f"PyTorch {torch.__version__}"
        self.net = self._network()
        self.inputs = [torch.from_numpy(x) for x in problem.inputs]
        self.targets = [torch.from_numpy(y) for y in problem.targets]
        if problem.settings.output == "softmax":
            self.targets = [y.argmax(dim=1) for y in self.targets]
        self.loss = self._loss()
        self.reset()

    def _network(self) -> Any:
        nn, settings = self.torch.nn, self.problem.settings
        activations = {"tanh": nn.Tanh, "relu": nn.ReLU}
        modules: list[Any] = []
        for index, (weights, _) in enumerate(self.problem.initial):
            modules.append(nn.Linear(*weights.shape))
            last = index == len(self.problem.initial) - 1
            name = settings.output if last else settings.hidden
            if name in activations:  # the losses compute sigmoid and softmax from logits
                modules.append(activations[name]())
        return nn.Sequential(*modules)

    def _loss(self) -> Any:
        nn, settings = self.torch.nn, self.problem.settings
        if settings.error == "half_squared":
            squared = nn.MSELoss()
            return lambda a, y: 0.5 * squared(a, y)
        return nn.BCEWithLogitsLoss() if settings.output == "sigmoid" else nn.CrossEntropyLoss()

    def reset(self) -> None:
        """Copies the initial weights to the modules and creates a new optimizer."""
        settings, optim = self.problem.settings, self.torch.optim
        linear = [module for module in self.net if hasattr(module, "weight")]
        with self.torch.no_grad():
            for module, (weights, biases) in zip(linear, self.problem.initial, strict=True):
                module.weight.copy_(self.torch.from_numpy(weights.T.copy()))
                module.bias.copy_(self.torch.from_numpy(biases))
        self.linear = linear
        if settings.optimizer == "sgd":
            self.optimizer: Any = optim.SGD(self.net.parameters(), lr=settings.learning_rate)
        else:
            betas = settings.beta_1, settings.beta_2
            self.optimizer = optim.Adam(
                self.net.parameters(), lr=settings.learning_rate, betas=betas, eps=settings.epsilon
            )

    def run(self, steps: int) -> int:
        """Runs the training loop of the PyTorch tutorials."""
        net, loss, optimizer = self.net, self.loss, self.optimizer
        count = self.problem.epoch
        for index in range(steps):
            x, y = self.inputs[index % count], self.targets[index % count]
            optimizer.zero_grad()
            loss(net(x), y).backward()
            optimizer.step()
        return steps

    def epoch(self) -> Parameters:
        """Runs one epoch."""
        self.run(self.problem.epoch)
        return [
            (module.weight.detach().numpy().T.copy(), module.bias.detach().numpy().copy())
            for module in self.linear
        ]


if __name__ == "__main__":
    serve(TorchEager)
