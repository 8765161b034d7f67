/** How far copying has come. */
export type Progress = (
  step: { readonly table: string; readonly rows: number } | { readonly files: number },
) => void
