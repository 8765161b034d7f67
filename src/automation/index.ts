export { createMacroService } from './macros.ts'
export { createRuleService } from './rules.ts'
export { createRunRules } from './run-rules.ts'
