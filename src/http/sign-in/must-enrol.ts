import { Problem } from '../problem.ts'

/** What is said to somebody whose role asks for a second step that is not there yet. */
export const mustEnrolProblem = (): Problem =>
  new Problem('forbidden', 'your role needs a second step; put it up at /desk/sign-in, then go on', {
    reason: 'enrol',
  })
