const ideographs =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/gu

/** About how many tokens a text has, rather too many than too few: one for each ideograph, one for three other letters. */
export const estimateTokens = (text: string): number => {
  const wide = text.match(ideographs)?.length ?? 0
  return wide + Math.ceil((text.length - wide) / 3)
}

/** What tokens cost, in millionths; prices are for a million tokens, so that a token's price is that many millionths. */
export const costMicrosOf = (
  { inputPrice, outputPrice }: { readonly inputPrice: number; readonly outputPrice: number },
  tokens: { readonly inputTokens: number; readonly outputTokens: number },
): number => Math.ceil(tokens.inputTokens * inputPrice + tokens.outputTokens * outputPrice)
