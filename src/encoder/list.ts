import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { shippedModel } from './config.ts'
import { knownModels } from './known-models.ts'
import { type ModelDescription, descriptionFile, modelDescription, networkFile } from './model-folder.ts'
import { placeOfModel } from './place.ts'

/** A model to choose, or one that was pulled. */
export interface ListedModel {
  /** As `encoder.model` names it. */
  readonly name: string
  readonly megabytes: number | undefined
  readonly dimensions: number | undefined
  readonly licence: string | undefined
  readonly note: string
  readonly present: boolean
}

/** What the files say of a model that is there; undefined when they say nothing that can be read. */
const inspect = (
  folder: string,
): { readonly description: ModelDescription; readonly megabytes: number } | undefined => {
  try {
    const description = modelDescription.parse(
      JSON.parse(readFileSync(join(folder, descriptionFile), 'utf8')),
    )
    return { description, megabytes: Math.round(statSync(join(folder, networkFile)).size / 1_000_000) }
  } catch {
    return undefined
  }
}

const foldersIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        .map(({ name }) => name)
    : []

const pulledNames = (folder: string): string[] =>
  foldersIn(folder).flatMap((owner) => foldersIn(join(folder, owner)).map((name) => `${owner}/${name}`))

/** The model that ships, those that are known, and all that were pulled into `folder`. */
export const listModels = (folder: string): readonly ListedModel[] => {
  const known = knownModels.map(({ repository, ...facts }) => ({ name: repository, ...facts }))
  const others = pulledNames(folder).filter((name) => !known.some((model) => model.name === name))
  const unknown = { megabytes: undefined, dimensions: undefined, licence: undefined }
  return [
    { ...unknown, name: shippedModel, note: '自带，中文 ships with Tongda, Chinese' },
    ...known,
    ...others.map((name) => ({ ...unknown, name, note: '' })),
  ].map(({ name, megabytes, dimensions, licence, note }) => {
    const place = placeOfModel(name, folder)
    const found = place.present ? inspect(place.folder) : undefined
    return {
      name,
      megabytes: found?.megabytes ?? megabytes,
      dimensions: found?.description.dimensions ?? dimensions,
      licence: licence ?? found?.description.licence,
      note,
      present: place.present,
    }
  })
}
