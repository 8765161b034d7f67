import type { CleanPage } from '../../src/core/original.ts'

/** Runs the allow-list over a kept mail again: rules that became stricter hold for mail from before, too. */
export const cleanPage: CleanPage = async (html) => {
  // Loaded when it is needed: mails are read in a thread of their own.
  const { cleanKept } = await import('./mime/html.ts')
  return cleanKept(html)
}
