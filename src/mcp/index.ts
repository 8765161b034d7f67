export { createMcpServer } from './client.ts'
