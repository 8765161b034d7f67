export { llmConfig } from './config.ts'
export type { LlmConfig, ModelConfig } from './config.ts'
export { openLanguageModel } from './model.ts'
export type { ModelDeps, ModelStanding, ModelWatch, OpenLanguageModel } from './model.ts'
