import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shippedModel } from './config.ts'
import { findKnownModel } from './known-models.ts'

/** Where a configured model lies, and what to do when it is not there or not sound. */
export interface ModelPlace {
  readonly folder: string
  readonly present: boolean
  /** Second half of a sentence. */
  readonly fix: string
}

const shippedFolder = fileURLToPath(new URL(`../../models/${shippedModel}`, import.meta.url))

const isPath = (model: string): boolean => /^(?:\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(model)

/** The folder of a model by its name in the configuration, other than `none`; `pulled` is where pulled ones lie. */
export const placeOfModel = (model: string, pulled: string): ModelPlace => {
  const at = (folder: string, fix: string): ModelPlace => ({ folder, present: existsSync(folder), fix })
  if (model === shippedModel)
    return at(
      shippedFolder,
      'take the folder from the release again, or run tongda models pull Xenova/bge-small-zh-v1.5 and set encoder.model to it; encoder.model: none does without',
    )
  if (isPath(model))
    return at(
      resolve(model),
      'compare encoder.model and the folder with docs/encoder.md, or set encoder.model: none',
    )
  const repository = findKnownModel(model)?.repository ?? model
  return at(
    join(resolve(pulled), ...repository.split('/')),
    `run tongda models pull ${repository} (with --force to fetch it anew), or set encoder.model: none`,
  )
}
