export { createCollector } from './collect.ts'
export { createAssessor } from './assess-run.ts'
export { createLearningService } from './service.ts'
export { questionsJoinAt } from './joins-at.ts'
