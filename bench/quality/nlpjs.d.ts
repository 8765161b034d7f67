declare module '@nlpjs/core' {
  export interface Container {
    use(plugin: unknown): void
  }
  export const containerBootstrap: () => Container
}
declare module '@nlpjs/lang-en' {
  export const LangEn: unknown
}
declare module '@nlpjs/lang-zh' {
  export const LangZh: unknown
}
declare module '@nlpjs/nlu' {
  export class NluNeural {
    constructor(settings: { locale: string; container: unknown; log: boolean })
    train(corpus: readonly { readonly utterance: string; readonly intent: string }[]): Promise<unknown>
    process(
      utterance: string,
    ): Promise<{ readonly classifications: readonly { readonly intent: string; readonly score: number }[] }>
  }
}
