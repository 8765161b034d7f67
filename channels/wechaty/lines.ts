/** Splits a stream of text into lines; one that grows too long is dropped whole, and the next is read again. */
export const createLineReader = (options: {
  readonly maxLength: number
  readonly onLine: (line: string) => void
  readonly onTooLong: () => void
}): ((chunk: string) => void) => {
  const { maxLength, onLine, onTooLong } = options
  let pieces: string[] = []
  let length = 0
  let dropping = false
  const take = (piece: string): void => {
    if (dropping) return
    length += piece.length
    if (length <= maxLength) {
      pieces.push(piece)
      return
    }
    dropping = true
    pieces = []
    onTooLong()
  }
  const end = (): void => {
    const line = pieces.join('')
    const whole = !dropping && line !== ''
    pieces = []
    length = 0
    dropping = false
    if (whole) onLine(line)
  }
  return (chunk) => {
    const [first = '', ...rest] = chunk.split('\n')
    take(first)
    for (const piece of rest) {
      end()
      take(piece)
    }
  }
}
