export { createCollector } from './collect.ts'
export { createAssessor } from './assess-run.ts'
export { createLearningService } from './service.ts'
