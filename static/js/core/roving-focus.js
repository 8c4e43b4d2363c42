// Arrow keys, Home and End in a group of buttons of which Tab reaches one.

/** Focuses the button that the key leads to, and returns it; arrows up and down count in a grid only. */
export function moveFocus(event, buttons, isGrid = false) {
  const index = buttons.indexOf(document.activeElement);
  const [next, previous] = [index + 1, index - 1];
  const arrows = { ArrowRight: next, ArrowLeft: previous, ...(isGrid && { ArrowDown: next, ArrowUp: previous }) };
  const target = { ...arrows, Home: 0, End: buttons.length - 1 }[event.key];
  if (target === undefined || index < 0) return null;
  event.preventDefault();
  event.stopPropagation();
  const button = buttons.at(target % buttons.length);
  button.focus();
  return button;
}
