import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { fileTypeFromBuffer } from 'file-type'
import { v5 as uuidOf } from 'uuid'
import type { PictureFile } from '../src/core/knowledge.ts'

/** What is wrong with a picture that an article names, and what to do. */
export interface PictureFault {
  readonly problem: string
  readonly fix: string
}

/** A picture file, or what is wrong with it. */
export type PictureLook =
  { readonly ok: true; readonly picture: PictureFile } | { readonly ok: false; readonly fault: PictureFault }

/** The pictures beside the articles. */
export interface PictureShelf {
  /** Looks at a picture by the path that stands in an article; each file is read once. */
  look(path: string): Promise<PictureLook>
  /** The pictures that were found. */
  found(): readonly PictureFile[]
}

/** Largest file: every channel takes it, and it comes over a phone's network at once. */
export const maxPictureBytes = 1_048_576
/** Longest side in pixels. */
export const maxPictureSide = 1_600
/** Kinds that every channel with pictures shows, with the format the decoder tells. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/gif', 'gif'],
])

const prefix = 'pictures/'
/** Makes ids of bytes that no other thing's ids can meet. */
const namespace = 'b9a0a2c4-31d5-4b7e-9a53-0f5e6f2d7c18'

/** The folder of the pictures that articles in `articles` name. */
export const pictureFolderOf = (articles: string): string => join(dirname(resolve(articles)), 'pictures')

const no = (problem: string, fix: string): PictureLook => ({ ok: false, fault: { problem, fix } })

const notFound = (path: string): PictureLook =>
  no(
    `图片不存在 there is no picture ${path}`,
    '把文件放进 pictures 文件夹，检查文件名的大小写 put the file into the pictures folder; check its name, letter case too',
  )

const unreadable = (path: string): PictureLook =>
  no(
    `图片无法读取 the picture cannot be read: ${path}`,
    '检查读取权限，或稍后再试 check its permissions, or try again later',
  )

/** The file that a path in an article means; undefined when there is none. Links are followed before it is judged. */
const fileOf = async (
  folder: string,
  path: string,
): Promise<{ readonly file: string } | 'outside' | undefined> => {
  try {
    const file = await realpath(join(folder, path.slice(prefix.length)))
    if (!file.startsWith((await realpath(folder)) + sep)) return 'outside'
    return (await stat(file)).isFile() ? { file } : undefined
  } catch {
    return undefined
  }
}

const outside = (path: string): PictureLook =>
  no(
    `图片路径不在 pictures 文件夹里 the path is outside the pictures folder: ${path === '' ? '—' : path}`,
    '写 pictures/文件名.png write pictures/name.png',
  )

const shapeFault = (path: string): PictureLook | undefined => {
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(path))
    return no(
      `图片在别处的地址上 the picture is at an address elsewhere: ${path}`,
      '下载下来放进 pictures 文件夹，再写 pictures/文件名 save it into the pictures folder and write pictures/name',
    )
  if (!path.startsWith(prefix) || path.split('/').includes('..') || path.includes('\0')) return outside(path)
  return undefined
}

const sizeFault = (path: string, bytes: number): PictureLook | undefined =>
  bytes <= maxPictureBytes
    ? undefined
    : no(
        `图片 ${path} 有 ${Math.ceil(bytes / 1_024)} KB，超过 1024 KB the picture is too large`,
        '压缩或缩小后再保存 compress it or make it smaller',
      )

const sidesFault = (path: string, width: number, height: number): PictureLook | undefined =>
  width <= maxPictureSide && height <= maxPictureSide
    ? undefined
    : no(
        `图片 ${path} 是 ${width}×${height}，边长超过 ${maxPictureSide} 像素 the picture has too many pixels`,
        `缩小到每边不超过 ${maxPictureSide} 像素 make each side ${maxPictureSide} pixels at most`,
      )

const readPicture = async (path: string, file: string): Promise<PictureLook> => {
  const tooLarge = sizeFault(path, (await stat(file)).size)
  if (tooLarge !== undefined) return tooLarge
  const bytes = await readFile(file)
  const contentType = (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream'
  const { default: sharp } = await import('sharp')
  const seen = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined)
  if (seen === undefined || seen.format !== kinds.get(contentType))
    return no(
      `${path} 不是能发送的图片 is not a picture that can be sent (${contentType})`,
      '存成 PNG、JPEG 或 GIF；改扩展名没有用 save it as PNG, JPEG or GIF; another file ending does not help',
    )
  const tooWide = sidesFault(path, seen.width, seen.pageHeight ?? seen.height)
  if (tooWide !== undefined) return tooWide
  const mediaId = uuidOf(createHash('sha256').update(bytes).digest(), namespace)
  const { width, height } = seen.autoOrient
  const media = { mediaId, contentType, bytes: bytes.length }
  return { ok: true, picture: { media, path: file, width, height: seen.pageHeight ?? height } }
}

/** Opens the folder of pictures; one that is not there holds none. */
export const openPictures = (folder: string): PictureShelf => {
  const looks = new Map<string, Promise<PictureLook>>()
  const pictures = new Map<string, PictureFile>()
  const take = async (path: string): Promise<PictureLook> => {
    const bad = shapeFault(path)
    if (bad !== undefined) return bad
    const found = await fileOf(folder, path)
    if (found === undefined) return notFound(path)
    if (found === 'outside') return outside(path)
    const look = await readPicture(path, found.file).catch(() => unreadable(path))
    if (look.ok) pictures.set(look.picture.media.mediaId, look.picture)
    return look
  }
  return {
    look: (path) => {
      const known = looks.get(path) ?? take(path)
      looks.set(path, known)
      return known
    },
    found: () => [...pictures.values()],
  }
}
