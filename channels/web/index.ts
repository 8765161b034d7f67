export { web } from './channel.ts'
