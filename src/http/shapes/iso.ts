/** A value as JSON carries it: moments are text. */
export type Iso<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? readonly Iso<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Iso<Value[Key]> }
      : Value

/** Writes moments as ISO 8601, however deep they lie. What JSON cannot hold is dropped, as it would be on the way. */
export const toIso = <Value>(value: Value): Iso<Value> => JSON.parse(JSON.stringify(value)) as Iso<Value>
