export { fillForm } from './fill-form.ts'
export { handOverWith } from './leave.ts'
export { startForm, withOffer } from './start-form.ts'
