import type Sharp from 'sharp'
import { TongdaError } from '../core/errors.ts'

/** Bytes with the type found by their content. */
export interface TypedBytes {
  readonly contentType: string
  readonly bytes: Uint8Array
}

type Draw = typeof Sharp

/** Most pixels of a picture, all its frames together: what it takes in memory is four bytes each. */
const maxPixels = 40_000_000
/** A moving picture over this is kept as its first frame. */
const maxAnimationBytes = 5_242_880
/** Pictures drawn at once on one node. */
const atOnce = 2
const timeoutSeconds = 20

/** Kinds that are drawn anew, by the detected type. SVG is markup, not a picture, and is never among them. */
const drawn: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
])

/** Lets `places` works run; the others wait in line. */
const createTurnstile = (places: number) => {
  let free = places
  const line: (() => void)[] = []
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (free === 0) await new Promise<void>((resolve) => line.push(resolve))
    else free -= 1
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

const load = async (): Promise<Draw> => {
  const { default: sharp } = await import('sharp')
  // Two threads of the pool are enough: the rest of the product uses them too.
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}

/** The picture without anything but its pixels, upright; throws when it cannot be read to its end. */
const draw = async (sharp: Draw, { contentType, bytes }: TypedBytes): Promise<TypedBytes> => {
  const {
    format,
    width,
    height,
    pages = 1,
    pageHeight = height,
  } = await sharp(bytes, {
    limitInputPixels: false,
  }).metadata()
  if (format !== drawn.get(contentType)) throw new Error(`content is ${format}, not ${contentType}`)
  if (width * pageHeight * pages > maxPixels)
    throw new TongdaError(
      'bad_input',
      `a picture of ${String(width)} × ${String(pageHeight)} is over the limit of ${String(maxPixels)} pixels; make it smaller`,
      { width, height: pageHeight, maxPixels },
    )
  const animated = pages > 1 && bytes.byteLength <= maxAnimationBytes
  const picture = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', animated })
    .timeout({ seconds: timeoutSeconds })
    .autoOrient()
  const as = (type: string, pixels: Buffer): TypedBytes => ({ contentType: type, bytes: pixels })
  if (animated && format === 'gif') return as(contentType, await picture.gif().toBuffer())
  if (format === 'jpeg') return as(contentType, await picture.jpeg({ quality: 88 }).toBuffer())
  if (format === 'webp') return as(contentType, await picture.webp({ quality: 88 }).toBuffer())
  return as('image/png', await picture.png().toBuffer())
}

/**
 * Draws pictures anew at intake: upright, without EXIF and whatever else was hidden in the file. Other files pass as
 * they are; a picture that cannot be read becomes a file of no type. Throws `bad_input` for too many pixels.
 * The library is loaded with the first picture and works outside the event loop.
 */
export const createPictures = (): ((file: TypedBytes) => Promise<TypedBytes>) => {
  const inTurn = createTurnstile(atOnce)
  let loading: Promise<Draw> | undefined
  return async (file) => {
    if (!drawn.has(file.contentType)) return file
    return inTurn(async () => {
      const sharp = await (loading ??= load())
      return draw(sharp, file).catch((error: unknown) => {
        if (error instanceof TongdaError) throw error
        return { contentType: 'application/octet-stream', bytes: file.bytes }
      })
    })
  }
}
