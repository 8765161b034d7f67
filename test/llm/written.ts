import type { LlmRequest } from '../../sandbox/llm/index.ts'

/** A plain sentence of each article of the material that has one, with the article's id. */
export const quoted = ({ user }: LlmRequest): readonly { readonly id: string; readonly text: string }[] =>
  [...user.matchAll(/article:(\S+)\n([\s\S]*?)\n<<</gu)].flatMap(([, id = '', words = '']) => {
    const text = words
      .split('\n')
      .slice(1)
      .join('\n')
      .split(/[\n。；]/u)
      .map((one) => one.replace(/^\d+\.\s*/u, ''))
      .find((one) => /^[\p{Script=Han}\d，、 ]{8,80}$/u.test(one))
    return text === undefined ? [] : [{ id, text }]
  })

/** Lets a stream go on until its second sentence has begun, and then only once `release` was called. */
export const createHold = () => {
  let written = ''
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const pause = async (event: string): Promise<void> => {
    const piece = /"(?:content|arguments|partial_json)":("(?:[^"\\]|\\.)*")/u.exec(event)?.[1]
    written += piece === undefined ? '' : String(JSON.parse(piece))
    if (/\}\s*,\s*\{/u.test(written)) await released
  }
  return { pause, release: (): void => release() }
}
