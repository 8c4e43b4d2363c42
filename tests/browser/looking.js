// What the tests look at from inside the page; put into every window before the page's own modules.

const everything = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());

function pixels(context, width, height) {
  const { data } = context.getImageData(0, 0, width, height);
  let text = "";
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
  return [width, height, btoa(text)];
}

/** The variable that holds a module's exports, as app/web/module_bundles.py names it. */
function moduleVariable(name) {
  let value = 2166136261;
  for (const character of name) value = Math.imul(value ^ character.charCodeAt(0), 16777619) >>> 0;
  return `$${(value % 36 ** 4).toString(36)}`;
}

/** Whether a text, the innermost element of which is `element`, is not wholly visible or leaves its control. */
function isCut(element, text) {
  for (let outer = element; outer && outer !== document.documentElement; outer = outer.parentElement) {
    const { overflowX, textOverflow, clipPath } = getComputedStyle(outer);
    if (clipPath === "inset(50%)") return false; // only for screen readers
    if (overflowX !== "visible" && text.top >= outer.getBoundingClientRect().bottom - 4) return false; // not shown at all
    const box = outer.getBoundingClientRect();
    const beyond = text.right > box.right + 1.5 || text.left < box.left - 1.5;
    if (["auto", "scroll"].includes(overflowX)) return false; // can be scrolled to
    if (overflowX !== "visible" && beyond) return textOverflow !== "ellipsis" || !(outer.title || outer.closest("[title]"));
    if (beyond && outer.matches("button, .chip, .select, th, td")) return true;
  }
  return text.right > innerWidth + 1;
}

window.__look = {
  /** What a canvas shows: width, height and base64 of RGBA, one pixel per CSS pixel. */
  picture(selector) {
    const canvas = document.querySelector(selector);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0, width, height);
    return pixels(context, width, height);
  },

  /** From now on keep what is written into the canvas of this selector: text, and from where to where in CSS pixels. */
  read(selector) {
    const { fillText } = CanvasRenderingContext2D.prototype;
    this.written = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most) {
      fillText.apply(this, arguments);
      if (!this.canvas.matches(selector)) return;
      const width = Math.min(this.measureText(text).width, most ?? Infinity);
      const left = x - width * { left: 0, center: 0.5, right: 1 }[this.textAlign];
      __look.written.push({ text, left, right: left + width, y });
    };
  },

  /** What a file of a picture, in base64, shows. */
  async file(coded) {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(coded), (each) => each.charCodeAt(0))]));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return pixels(context, image.width, image.height);
  },

  /** The views that were asked for and have not come yet as they are for the present weights of a run that rests. */
  missing() {
    const { state, idle, watched } = window.__perceptarium;
    const { id, attempt, step, status } = state.run ?? {};
    if (!idle) return ["answers"];
    if (status === "running" || state.connection !== "open" || state.viewError) return [];
    return watched.filter((view) => {
      const shared = /^(unit|numbers)-/.exec(view);
      const frame = state[`view:${shared?.[1] ?? view}`];
      return !(frame?.id === view && frame.run === id && frame.attempt === attempt && frame.step === step);
    });
  },

  /** Settles when all views have come and nothing was drawn for some frames (while a run trains: after some frames); fails after some milliseconds. */
  quiet(within) {
    const until = performance.now() + within;
    return new Promise((done, failed) => {
      let [frames, last] = [0, ""];
      const look = () => {
        const now = JSON.stringify(window.__perceptarium.counters.draws);
        const missing = this.missing();
        const still = now === last || window.__perceptarium.state.run?.status === "running";
        frames = still && !missing.length ? frames + 1 : 0;
        last = now;
        if (frames > 4) done();
        else if (performance.now() > until) failed(new Error(`still waiting for ${missing}; drawn: ${now}`));
        else requestAnimationFrame(look);
      };
      look();
    });
  },

  /** How often a panel is drawn within some milliseconds, and how many they were in the end. */
  draws(panel, milliseconds) {
    return new Promise((done) => {
      const { draws } = window.__perceptarium.counters;
      const [from, began] = [draws[panel], performance.now()];
      const look = () => (performance.now() - began > milliseconds ? done([draws[panel] - from, performance.now() - began]) : requestAnimationFrame(look));
      look();
    });
  },

  /** Every text, its colour, and the colours behind it from its own element outwards. */
  texts() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const elements = new Set(everything("input:not([type=range], [type=checkbox]), select"));
    while (walk.nextNode()) if (walk.currentNode.textContent.trim()) elements.add(walk.currentNode.parentElement);
    const hidden = ".visually-hidden, script, style, option, svg, [disabled]";
    const shown = [...elements].filter((each) => each.checkVisibility() && !each.closest(hidden));
    return shown.map((element) => {
      const grounds = [];
      for (let each = element; each; each = each.parentElement) grounds.push(getComputedStyle(each).backgroundColor);
      return { text: (element.value || element.textContent).slice(0, 40), colour: getComputedStyle(element).color, grounds };
    });
  },

  /** The page's named colours as browsers compute them. */
  colours(names) {
    const probe = document.body.appendChild(document.createElement("i"));
    const read = (name) => {
      probe.style.color = window.__perceptarium.state.colours[name];
      return getComputedStyle(probe).color;
    };
    return Object.fromEntries(names.map((name) => [name, read(name)]));
  },

  /** Things to touch that are smaller than `least` pixels either way, their label included. */
  small(least) {
    const sizes = everything("button, select, input, a, summary").map((each) => {
      const [own, label] = [each, each.closest("label") ?? each].map((part) => part.getBoundingClientRect());
      const name = each.getAttribute("aria-label") || each.textContent || each.className;
      return { name, width: Math.max(own.width, label.width), height: Math.max(own.height, label.height) };
    });
    return sizes.filter(({ width, height }) => Math.min(width, height) < least - 0.5);
  },

  /** Pairs of controls that lie over each other in the bar, in a panel's head or over the layers of the network. */
  overlapping() {
    const parts = ".panel-title, .tablist, .chip, .select, .icon-button, .units-number, .train-button, .counter-value";
    const shown = (row) => [...row.querySelectorAll(parts)].filter((each) => each.checkVisibility() && each.offsetWidth > 1);
    const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const name = (each) => `${each.className} ${each.ariaLabel ?? each.textContent}`;
    const pairs = (row) => row.flatMap((one, i) => row.slice(i + 1).filter((other) => over(one.getBoundingClientRect(), other.getBoundingClientRect())).map((other) => [name(one), name(other)]));
    return [...document.querySelectorAll(".bar, .panel-head, .layer-controls")].flatMap((row) => pairs(shown(row)));
  },

  /** Numbers and buttons of the bar that something else hides. */
  covered() {
    return everything(".counter-value, .transport button").filter((each) => {
      const { x, y, width, height } = each.getBoundingClientRect();
      return !each.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }).map((each) => each.outerHTML);
  },

  /** Controls without a name for those who cannot see them. */
  nameless() {
    const named = (each) => each.ariaLabel || each.labels?.length || each.title || (each.tagName !== "SELECT" && each.textContent.trim());
    return everything("button, select, input, a").filter((each) => !named(each)).map((each) => each.outerHTML);
  },

  /** Texts that leave the window, are cut by an element that hides its overflow, or leave a button or a chip. */
  overflowing() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const hidden = ".visually-hidden, script, style, noscript, option, svg, math, .table-scroller";
    const found = [];
    while (walk.nextNode()) {
      const { parentElement: element, textContent } = walk.currentNode;
      if (!textContent.trim() || !element.checkVisibility() || element.closest(hidden)) continue;
      range.selectNodeContents(walk.currentNode);
      const box = range.getBoundingClientRect();
      if (box.width > 1 && isCut(element, box)) found.push(`${element.tagName}.${element.className}: ${textContent.trim().slice(0, 60)}`);
    }
    return found;
  },

  canvases: () => [...document.querySelectorAll("canvas")].map((each) => ["role", "aria-label", "aria-hidden", "class"].map((name) => each.getAttribute(name))),

  /** One of the page's own modules: the very one, if the page has it. */
  async module(name) {
    const main = document.querySelector('script[src$="/studio/boot.js"]').src;
    const here = await Promise.all([main, main.replace("boot.js", "mount-panels.js")].map((url) => import(url)));
    return Object.assign({}, ...here)[moduleVariable(name)] ?? import(main.replace("studio/boot.js", `${name}.js`));
  },
};
