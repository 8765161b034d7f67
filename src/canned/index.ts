export { createCannedService } from './service.ts'
