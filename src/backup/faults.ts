import { TongdaError } from '../core/errors.ts'

/** The refusal of an archive that is not what was written. */
export const damaged = (path: string, what: string, cause?: unknown): TongdaError =>
  new TongdaError(
    'bad_input',
    `备份 ${path} 已损坏或不完整，什么都没写 the backup is damaged or not whole (${what}); nothing was written. Copy the file again from where it was made, or take an older backup`,
    { path },
    cause,
  )

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What cannot be written, with nothing left under its name. */
export const unwritable = (path: string, cause: unknown): Error =>
  new Error(
    `写不了 ${path}，该名下没有留下文件 it cannot be written (${reasonOf(cause)}); nothing was left under that name. Free some disk space, make the folder writable, or choose another place`,
    { cause },
  )
