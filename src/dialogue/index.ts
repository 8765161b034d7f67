export { dialogueConfig, type DialogueConfig } from './config.ts'
export { createDialogue, type DialogueOptions } from './create-dialogue.ts'
