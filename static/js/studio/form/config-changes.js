// The fields of the schema, and the changes that apply without a restart. Pure functions.

/** Patterns of the paths that the schema marks as live, such as "layers.*.dropout". */
export function livePatterns(schema, node = schema, prefix = "") {
  const { live, properties, items } = resolve(schema, node);
  if (live && prefix) return [prefix];
  const inner = Object.entries(properties ?? {})
    .flatMap(([name, part]) => livePatterns(schema, part, prefix ? `${prefix}.${name}` : name));
  return items ? [...inner, ...livePatterns(schema, items, `${prefix}.*`)] : inner;
}

/** A node of the schema with its $ref resolved; of a node that can be null, the other variant with `nullable`. */
export function resolve(schema, node) {
  const { $ref, anyOf, allOf, ...own } = node;
  if ($ref) return { ...resolve(schema, schema.$defs[$ref.split("/").at(-1)]), ...own };
  if (allOf) return { ...resolve(schema, allOf[0]), ...own };
  if (!anyOf) return node;
  const variants = anyOf.map((variant) => resolve(schema, variant));
  const main = variants.find((variant) => variant.type !== "null") ?? variants[0];
  return { ...main, ...own, variants, nullable: variants.some((variant) => variant.type === "null") };
}

/** The node of the schema at a dotted path; {} where there is none. */
export const nodeAt = (schema, path) => path.split(".").reduce(
  (node, key) => resolve(schema, node.items ?? node.properties?.[key] ?? {}), resolve(schema, schema));

/** The label of the field at a path. */
export const labelOf = (path, schema) => (schema && nodeAt(schema, path).label) ?? path;

export function isLive(path, patterns) {
  const generalPath = path.replace(/\.\d+(?=\.|$)/g, ".*");
  return patterns.some((pattern) => generalPath === pattern || generalPath.startsWith(`${pattern}.`));
}
