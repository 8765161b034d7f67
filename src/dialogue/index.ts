export { announce } from './announce.ts'
export { dialogueConfig, type DialogueSection, type Thresholds } from './config.ts'
export { createDialogue, type DialogueOptions } from './create-dialogue.ts'
export { illustrated } from './outcome.ts'
