// What tests measure inside the page; added to every window before the page's own modules.

// Tests use a page that was visited before, except those of the introduction, which mark their first visit.
try {
  if (!sessionStorage.getItem("first-visit")) localStorage.setItem("perceptarium-introduced", "1");
} catch {
  // about:blank has no storage
}

const visible = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());

/** [width, height, base64 of RGBA] of a canvas. */
function pixels(context, width, height) {
  const { data } = context.getImageData(0, 0, width, height);
  let text = "";
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
  return [width, height, btoa(text)];
}

/** Red, green, blue (0 to 255) and alpha of a computed CSS colour. */
function channels(colour) {
  const numbers = colour.match(/[\d.]+/g).map(Number);
  const scale = colour.startsWith("color(") ? 255 : 1;
  return [...numbers.slice(0, 3).map((number) => number * scale), numbers[3] ?? 1];
}

/** The relative luminance of WCAG 2. */
function luminance(colour) {
  const [red, green, blue] = colour.map((channel) => channel / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Whether the box of a text in `element` is partly hidden or wider than its control. */
function isCut(element, text) {
  for (let outer = element; outer && outer !== document.documentElement; outer = outer.parentElement) {
    const { overflowX, textOverflow, clipPath } = getComputedStyle(outer);
    const box = outer.getBoundingClientRect();
    if (clipPath === "inset(50%)") return false; // only for screen readers
    if (overflowX !== "visible" && text.top >= box.bottom - 4) return false; // not shown at all
    if (["auto", "scroll"].includes(overflowX)) return false; // can be scrolled to
    const isWider = text.right > box.right + 1.5 || text.left < box.left - 1.5;
    const hasTooltip = textOverflow === "ellipsis" && (outer.title || outer.closest("[title]"));
    if (overflowX !== "visible" && isWider) return !hasTooltip;
    if (isWider && outer.matches("button, .chip, .select, th, td")) return true;
  }
  return text.right > innerWidth + 1;
}

window.__probe = {
  /** The pixels of a canvas, one per CSS pixel. */
  canvasPixels(selector) {
    const canvas = document.querySelector(selector);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0, width, height);
    return pixels(context, width, height);
  },

  /** Records the texts that are written on a canvas from now on, with their ends in CSS pixels, in `recordedTexts`. */
  recordTexts(selector) {
    const { fillText } = CanvasRenderingContext2D.prototype;
    this.recordedTexts = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, maxWidth) {
      fillText.apply(this, arguments);
      if (!this.canvas.matches(selector)) return;
      const width = Math.min(this.measureText(text).width, maxWidth ?? Infinity);
      const left = x - width * { left: 0, center: 0.5, right: 1 }[this.textAlign];
      __probe.recordedTexts.push({ text, left, right: left + width, y });
    };
  },

  /** The pixels of an image file in base64. */
  async imagePixels(encoded) {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return pixels(context, image.width, image.height);
  },

  /** The subscribed views whose frames for the current weights have not arrived; none while the run trains. */
  pendingViews() {
    const { state, idle, watched } = window.__perceptarium;
    const { id, attempt, step, status } = state.run ?? {};
    if (!idle) return ["answers"];
    if (status === "running" || state.connection !== "open" || state.viewError) return [];
    return watched.filter((view) => {
      const shared = /^(unit|numbers)-/.exec(view);
      const frame = state[`view:${shared?.[1] ?? view}`];
      const shown = state.shown ?? { attempt, step };
      return !(frame?.id === view && frame.run === id && frame.attempt === shown.attempt && frame.step === shown.step);
    });
  },

  /**
   * Resolves when all views have arrived and, for five frames, no panel was drawn or waited for its interval to be
   * over, or the run was training.
   */
  untilDrawn(timeout) {
    const end = performance.now() + timeout;
    return new Promise((resolve, reject) => {
      let [unchangedFrames, lastDraws] = [0, ""];
      const check = () => {
        const draws = JSON.stringify(window.__perceptarium.counters.draws);
        const pending = this.pendingViews();
        const { state, drawn } = window.__perceptarium;
        const isUnchanged = (draws === lastDraws && drawn) || state.run?.status === "running";
        unchangedFrames = isUnchanged && !pending.length ? unchangedFrames + 1 : 0;
        lastDraws = draws;
        if (unchangedFrames > 4) resolve();
        else if (performance.now() > end) reject(new Error(`still waiting for ${pending}; drawn: ${draws}`));
        else requestAnimationFrame(check);
      };
      check();
    });
  },

  /** [number of times a panel was drawn, elapsed milliseconds], after at least `milliseconds`. */
  countDraws(panel, milliseconds) {
    return new Promise((resolve) => {
      const { draws } = window.__perceptarium.counters;
      const [countBefore, start] = [draws[panel], performance.now()];
      const check = () => {
        const elapsed = performance.now() - start;
        if (elapsed > milliseconds) resolve([draws[panel] - countBefore, elapsed]);
        else requestAnimationFrame(check);
      };
      check();
    });
  },

  /** The contrast ratio of WCAG 2 of a colour before backgrounds, the innermost first. */
  contrast(colour, backgrounds) {
    const background = backgrounds.map(channels).reduceRight((below, [red, green, blue, alpha]) =>
      [red, green, blue].map((channel, i) => alpha * channel + (1 - alpha) * below[i]), [255, 255, 255]);
    const [darker, lighter] = [channels(colour).slice(0, 3), background].map(luminance).sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  },

  /** [text, contrast ratio] of every visible text. */
  textContrasts() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const elements = new Set(visible("input:not([type=range], [type=checkbox]), select"));
    while (walk.nextNode()) if (walk.currentNode.textContent.trim()) elements.add(walk.currentNode.parentElement);
    const hidden = ".visually-hidden, script, style, option, svg, [disabled]";
    const shown = [...elements].filter((element) => element.checkVisibility() && !element.closest(hidden));
    return shown.map((element) => {
      const backgrounds = [];
      for (let outer = element; outer; outer = outer.parentElement) {
        backgrounds.push(getComputedStyle(outer).backgroundColor);
      }
      const text = (element.value || element.textContent).slice(0, 40);
      return [text, this.contrast(getComputedStyle(element).color, backgrounds)];
    });
  },

  /** Colours of the theme by name, as the browser computes them. */
  themeColours(names) {
    const probe = document.body.appendChild(document.createElement("i"));
    const computed = (name) => {
      probe.style.color = window.__perceptarium.state.colours[name];
      return getComputedStyle(probe).color;
    };
    return Object.fromEntries(names.map((name) => [name, computed(name)]));
  },

  /** Controls whose width or height is below `minimum` pixels; the label belongs to the control. */
  smallControls(minimum, part = "body") {
    const controls = visible("button, select, input, a, summary").filter((control) => control.closest(part));
    const sizes = controls.map((control) => {
      const [box, label] = [control, control.closest("label") ?? control].map((part) => part.getBoundingClientRect());
      const name = control.getAttribute("aria-label") || control.textContent || control.className;
      return { name, width: Math.max(box.width, label.width), height: Math.max(box.height, label.height) };
    });
    return sizes.filter(({ width, height }) => Math.min(width, height) < minimum - 0.5);
  },

  /** Pairs of controls that overlap in the top bar, in the header of a panel or above the layers of the network. */
  overlappingControls() {
    const parts = ".panel-title, .tablist, .chip, .select, .icon-button, .units-number, .train-button, .counter-value";
    const isShown = (element) => element.checkVisibility() && element.offsetWidth > 1;
    const shown = (row) => [...row.querySelectorAll(parts)].filter(isShown);
    const overlap = (first, second) => {
      const [a, b] = [first, second].map((element) => element.getBoundingClientRect());
      return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    };
    const name = (element) => `${element.className} ${element.ariaLabel ?? element.textContent}`;
    const pairs = (row) => row.flatMap((first, i) =>
      row.slice(i + 1).filter((second) => overlap(first, second)).map((second) => [name(first), name(second)]));
    return [...document.querySelectorAll(".bar, .panel-head, .layer-controls")].flatMap((row) => pairs(shown(row)));
  },

  /** Numbers and buttons of the top bar that another element covers. */
  coveredControls() {
    return visible(".counter-value, .transport button").filter((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return !element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }).map((element) => element.outerHTML);
  },

  /** Controls without a name for screen readers. */
  unlabelledControls() {
    const text = (control) => control.tagName !== "SELECT" && control.textContent.trim();
    const hasName = (control) => control.ariaLabel || control.labels?.length || control.title || text(control);
    const controls = visible("button, select, input, a");
    return controls.filter((control) => !hasName(control)).map((control) => control.outerHTML);
  },

  /** Texts that are cut off by the window or an element, or are wider than their control. */
  cutTexts() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const hidden = ".visually-hidden, script, style, noscript, option, svg, math, .table-scroller";
    const texts = [];
    while (walk.nextNode()) {
      const { parentElement: element, textContent } = walk.currentNode;
      if (!textContent.trim() || !element.checkVisibility() || element.closest(hidden)) continue;
      range.selectNodeContents(walk.currentNode);
      const box = range.getBoundingClientRect();
      const text = textContent.trim().slice(0, 60);
      if (box.width > 1 && isCut(element, box)) texts.push(`${element.tagName}.${element.className}: ${text}`);
    }
    return texts;
  },

  /** The words in the texts of elements that continue on another line. */
  brokenWords(selector) {
    const range = document.createRange();
    const isBroken = (text, { index, 0: word }) => {
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      return range.getClientRects().length > 1;
    };
    return [...document.querySelectorAll(selector)].flatMap(({ firstChild: text }) =>
      [...text.data.matchAll(/\S+/g)].filter((match) => isBroken(text, match)).map(([word]) => word));
  },

  /** The layout of the network's graph. */
  async graphLayout() {
    const { graphLayout } = await this.importModule("panels/network/geometry");
    const [scroller, drawing] = [".network-scroller", ".network-drawing"].map((name) => document.querySelector(name));
    const editable = !document.body.dataset.lesson;
    return graphLayout(window.__perceptarium.state, scroller.clientWidth, drawing.clientHeight, editable);
  },

  /** The centre of a unit in the drawing of the network; column 0 has the inputs. */
  async unitCentre(column, unit) {
    return (await this.graphLayout()).unitCentre(column, unit);
  },

  /** [role, aria-label, aria-hidden, class] of every canvas. */
  canvasLabels() {
    const names = ["role", "aria-label", "aria-hidden", "class"];
    return [...document.querySelectorAll("canvas")].map((canvas) => names.map((name) => canvas.getAttribute(name)));
  },

  /** A module of the page: the instance that the page uses; [variable, file] say where it is (conftest.py). */
  async importModule(name) {
    const [variable, file] = window.__modules[`${name}.js`];
    const main = document.querySelector('script[src$="/studio/boot.js"]').src;
    const module = await import(main.replace("studio/boot.js", file));
    return module[variable] ?? module;
  },
};
