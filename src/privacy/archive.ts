import { createHash } from 'node:crypto'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { TongdaError } from '../core/errors.ts'
import type { MediaStore } from '../core/media.ts'
import type { Bilingual, PersonalReading, PersonalRows } from '../core/personal-data.ts'
import { writeIndex, type Listed } from './archive-index.ts'

/** What an archive is filled from. */
export interface ArchiveGround {
  readonly reading: Pick<PersonalReading, 'contactsOf' | 'rows' | 'files'>
  readonly media: Pick<MediaStore, 'find'>
  readonly now: () => Date
}

/** A file of the archive as it is written. */
interface Entry {
  readonly name: string
  readonly title?: Bilingual
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  /** How many things are in it, once it is written. */
  readonly count?: () => number
}

const endings: Readonly<Record<string, string>> = {
  ...{ 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif', 'image/webp': 'webp' },
  ...{ 'application/pdf': 'pdf', 'text/plain': 'txt', 'video/mp4': 'mp4' },
  ...{ 'audio/mpeg': 'mp3', 'audio/amr': 'amr', 'audio/ogg': 'ogg', 'audio/wav': 'wav' },
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A table as a JSON array, written while it is read. */
const tableEntry = ({ table, title, pages }: PersonalRows): Entry => {
  let count = 0
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield encode('[')
    for await (const page of pages)
      for (const row of page) {
        yield encode(`${count === 0 ? '\n' : ',\n'}${JSON.stringify(row, null, 2)}`)
        count += 1
      }
    yield encode('\n]\n')
  }
  return { name: `data/${table}.json`, title, chunks: chunks(), count: () => count }
}

const picturesAndFiles: Bilingual = { zh: '图片与文件', en: 'Pictures and files' }

/** Names are ours: what somebody called a file stands with the message that brought it. */
async function* fileEntries(
  ids: readonly string[],
  { media }: ArchiveGround,
  missing: string[],
): AsyncGenerator<Entry> {
  for (const id of ids) {
    const kept = await media.find(id)
    if (kept === undefined) {
      missing.push(id)
      continue
    }
    const [type = ''] = kept.media.contentType.split(';')
    yield { name: `files/${id}.${endings[type] ?? 'bin'}`, title: picturesAndFiles, chunks: [kept.bytes] }
  }
}

/** Everything in order; the index and the manifest come last, because they tell of all others. */
async function* entriesOf(
  contactId: string,
  ground: ArchiveGround,
  listed: readonly Listed[],
): AsyncGenerator<Entry> {
  const contacts = await ground.reading.contactsOf(contactId)
  for (const rows of ground.reading.rows(contacts)) yield tableEntry(rows)
  const missing: string[] = []
  yield* fileEntries(await ground.reading.files(contacts), ground, missing)
  const madeAt = ground.now()
  yield { name: 'index.md', chunks: [encode(writeIndex(listed, { madeAt, missing }))] }
  const manifest = {
    contacts,
    madeAt,
    files: listed.map(({ name, bytes, sha256, count }) => ({ name, bytes, sha256, count })),
    missing,
  }
  yield { name: 'manifest.json', chunks: [encode(`${JSON.stringify(manifest, null, 2)}\n`)] }
}

// What the format can count, without its 64-bit extension.
const [mostBytes, mostFiles] = [0xffff_ffff, 0xffff]

/** Throws `bad_input`: no repetition mends it. */
const checkSize = (bytes: number, files: number): void => {
  if (bytes > mostBytes || files > mostFiles)
    throw new TongdaError(
      'bad_input',
      'this copy is larger than a ZIP file can be (4 GB, 65 535 files); hand the files over from the media folder or bucket',
    )
}

/** Everything known of a contact as a ZIP, made while it is read: no file or page more than one is in memory. */
export async function* archiveOf(contactId: string, ground: ArchiveGround): AsyncGenerator<Uint8Array> {
  const written: Uint8Array[] = []
  const listed: Listed[] = []
  let size = 0
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    size += chunk.byteLength
    written.push(chunk)
  })
  for await (const { name, title, chunks, count } of entriesOf(contactId, ground, listed)) {
    // What comes compressed is not compressed again.
    const file = name.startsWith('files/') ? new ZipPassThrough(name) : new ZipDeflate(name)
    zip.add(file)
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += chunk.byteLength
      file.push(chunk, false)
      yield* written.splice(0)
    }
    file.push(new Uint8Array(), true)
    listed.push({
      ...{ name, bytes, sha256: hash.digest('hex') },
      ...(title === undefined ? {} : { title }),
      ...(count === undefined ? {} : { count: count() }),
    })
    checkSize(size, listed.length)
    yield* written.splice(0)
  }
  zip.end()
  checkSize(size, listed.length)
  yield* written.splice(0)
}
