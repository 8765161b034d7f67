/** First letters of the syllables, and whole syllables: `dhytk`, `dahuiyuantuikuan`. */
export type SoundsOf = (text: string) => readonly string[]

/** How Chinese sounds; other letters and digits stand for themselves. Loads a dictionary that takes memory. */
export const loadSounds = async (): Promise<SoundsOf> => {
  const { pinyin: read } = await import('pinyin-pro')
  const options = { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true } as const
  const join = (syllables: readonly string[]): string =>
    syllables
      .join('')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')
  return (text) => [join(read(text, { ...options, pattern: 'first' })), join(read(text, options))]
}
