/** What we use of html-to-text, which ships no types. */
declare module 'html-to-text' {
  interface BlockOptions {
    readonly leadingLineBreaks?: number
    readonly trailingLineBreaks?: number
  }
  interface TextBuilder {
    openBlock(options: BlockOptions): void
    closeBlock(options: BlockOptions): void
    addLiteral(text: string): void
  }
  interface HtmlElement {
    readonly children: readonly unknown[]
  }
  interface ConvertOptions {
    readonly wordwrap?: number | false
    readonly limits?: { readonly maxDepth?: number; readonly maxInputLength?: number }
    readonly formatters?: Readonly<
      Record<
        string,
        (
          element: HtmlElement,
          walk: (nodes: readonly unknown[], builder: TextBuilder) => void,
          builder: TextBuilder,
        ) => void
      >
    >
    readonly selectors?: readonly {
      readonly selector: string
      readonly format?: string
      readonly options?: Readonly<Record<string, unknown>>
    }[]
  }
  export function convert(html: string, options?: ConvertOptions): string
}
