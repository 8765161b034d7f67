/** A size for people: `812 KB`, `3.4 MB`. */
export const sizeOf = (bytes: number): string =>
  bytes < 1_048_576
    ? `${Math.max(1, Math.round(bytes / 1_024))} KB`
    : `${(bytes / 1_048_576).toFixed(1).replace(/\.0$/, '')} MB`
