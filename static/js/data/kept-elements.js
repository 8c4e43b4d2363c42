// Elements that are built again only when their data change: they keep their scroll position and what is open in them.

/** A function that gives the element of a key, built by `build()` if there is none for equal `data`, a list whose
 * large parts come last: none is compared behind one that differs. */
export function keptElements() {
  const kept = new Map();
  return (key, data, build) => {
    if (!kept.has(key) || !areEqual(kept.get(key).data, data)) kept.set(key, { data, element: build() });
    return kept.get(key).element;
  };
}

const areEqual = (first, second) =>
  first.every((part, i) => JSON.stringify(part) === JSON.stringify(second[i]));

/** Makes elements the only children of `parent`, in this order; those that are there already are not moved. */
export function placeChildren(parent, elements) {
  const wanted = new Set(elements);
  [...parent.childNodes].forEach((child) => wanted.has(child) || child.remove());
  elements.forEach((element, i) => {
    if (parent.children[i] !== element) parent.insertBefore(element, parent.children[i] ?? null);
  });
}
