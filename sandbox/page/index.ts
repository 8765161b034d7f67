export { demoUsers } from './demo.ts'
export { createSandbox } from './sandbox.ts'
export type { Sandbox } from './sandbox.ts'
export type { SandboxOptions } from './options.ts'
