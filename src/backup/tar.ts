// The ustar format of POSIX.1-1988, as far as names of up to 99 bytes and plain files go.

const block = 512
const field = (text: string, length: number): string => text.padEnd(length, '\0')
const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`

const sumOf = (header: Buffer): number => {
  let sum = 0
  for (let at = 0; at < block; at += 1) sum += at >= 148 && at < 156 ? 32 : (header[at] ?? 0)
  return sum
}

/** The header of a file that only its owner may read. */
export const tarHeader = (name: string, bytes: number, at: Date): Buffer => {
  const header = Buffer.alloc(block)
  const text = [
    field(name, 100),
    ...[octal(0o600, 8), octal(0, 8), octal(0, 8)],
    ...[octal(bytes, 12), octal(Math.floor(at.getTime() / 1_000), 12), ' '.repeat(8), '0'],
    ...[field('', 100), 'ustar\0', '00'],
  ].join('')
  header.write(text, 'latin1')
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

/** What fills a file's last block. */
export const tarPadding = (bytes: number): Buffer => Buffer.alloc((block - (bytes % block)) % block)

/** What ends an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * block)

/** A file of an archive. */
export interface TarEntry {
  readonly name: string
  readonly bytes: Buffer
}

const until = (header: Buffer, from: number, to: number): string => {
  const text = header.toString('latin1', from, to)
  const end = text.indexOf('\0')
  return end === -1 ? text : text.slice(0, end)
}

/** Hands out the next bytes of a stream by number. */
const createTake = (chunks: AsyncIterator<Uint8Array>) => {
  let held: Uint8Array[] = []
  let size = 0
  const take = async (bytes: number): Promise<Buffer> => {
    while (size < bytes) {
      const next = await chunks.next()
      if (next.done === true) throw new Error('it ends too early')
      held.push(next.value)
      size += next.value.byteLength
    }
    const [first] = held
    const all =
      held.length === 1 && first !== undefined
        ? Buffer.from(first.buffer, first.byteOffset, first.byteLength)
        : Buffer.concat(held)
    held = [all.subarray(bytes)]
    size -= bytes
    return all.subarray(0, bytes)
  }
  const drain = async (): Promise<void> => {
    while ((await chunks.next()).done !== true);
  }
  return { take, drain }
}

/** Reads an archive file by file. Throws when it is none, or holds a file of more than `maxBytes`. */
export async function* readTar(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<TarEntry> {
  const { take, drain } = createTake(stream[Symbol.asyncIterator]())
  for (;;) {
    const header = await take(block)
    // What follows the end is read too: the checksum of the whole stream lies there.
    if (header.every((byte) => byte === 0)) return drain()
    if (Number.parseInt(until(header, 148, 156), 8) !== sumOf(header))
      throw new Error('a header of the archive is not what was written')
    const bytes = Number.parseInt(until(header, 124, 136), 8)
    if (!(bytes >= 0 && bytes <= maxBytes)) throw new Error('a file of the archive is too large')
    const body = await take(bytes + tarPadding(bytes).byteLength)
    yield { name: until(header, 0, 100), bytes: body.subarray(0, bytes) }
  }
}
