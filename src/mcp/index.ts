export { createMcpServer } from './client.ts'
export { createAnswerMcp, type McpServerFacts } from './serve.ts'
