export { createAnswerMcp, type McpServerFacts } from './serve.ts'
