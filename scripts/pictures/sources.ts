import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { drawingOf } from './blocks.ts'
import { pictureSchema } from './schema.ts'

/** Where the descriptions lie; the PNGs lie one folder above. */
export const sourceFolder = new URL('../../knowledge/pictures/source/', import.meta.url)
export const pictureFolder = new URL('../', sourceFolder)
export const manifestFile = new URL('drawn.json', sourceFolder)

/** What was drawn: hashes of the drawing and of its PNG, by the picture's name. */
export const manifestSchema = z.record(z.string(), z.strictObject({ drawing: z.string(), png: z.string() }))

/** The hash that stands in the manifest. */
export const hashOf = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/** Every described picture by its name, as SVG. Throws with the file and what is wrong in it. */
export const readDrawings = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(sourceFolder)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => {
        const picture = pictureSchema.safeParse(parse(readFileSync(new URL(file, sourceFolder), 'utf8')))
        if (!picture.success) throw new Error(`${file}: ${z.prettifyError(picture.error)}`)
        return [file.replace(/\.yaml$/, ''), drawingOf(picture.data)]
      }),
  )
