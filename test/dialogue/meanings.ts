import { candidate } from './builders.ts'

export const renew = {
  topic: 'vip-auto-renew',
  confidence: 0.9,
  candidates: [candidate('vip-auto-renew-stop', 0.85)],
}
export const unclear = {
  confidence: 0.5,
  candidates: [
    candidate('vip-refund-apply', 0.4),
    candidate('vip-refund-progress', 0.3),
    candidate('vip-not-credited-paid', 0.1),
  ],
}
export const nothing = { confidence: 0.2, candidates: [candidate('vip-refund-apply', 0.05)] }
export const furious = { emotion: 'angry', emotionStrength: 3 } as const
export const outside = {
  handling: 'out-of-scope',
  intent: 'out-of-scope.homework',
  topic: 'out-of-scope',
  confidence: 0.9,
  outOfScope: 0.9,
} as const
export const insult = {
  handling: 'ignore',
  intent: 'insult.at-bot',
  topic: 'insult',
  confidence: 0.9,
} as const
export const person = {
  asksForPerson: true,
  topic: 'human-agent',
  handling: 'escalate',
  confidence: 0.9,
} as const
export const hello = {
  handling: 'chat',
  intent: 'greeting.hello',
  topic: 'greeting',
  confidence: 0.95,
} as const
export const thanks = {
  handling: 'chat',
  intent: 'thanks.thanks',
  topic: 'thanks',
  confidence: 0.95,
} as const
export const unclearMatter = {
  handling: 'clarify',
  intent: 'vague.problem',
  topic: 'vague',
  confidence: 0.8,
} as const
