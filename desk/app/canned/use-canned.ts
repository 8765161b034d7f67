import { useQuery } from '@tanstack/react-query'
import { answerOf, v1, type Schemas } from '../api/v1.ts'

export type CannedReply = Schemas['CannedReply']

/** Those of the team and one's own, by name. Whoever changes one has them read again. */
export const useCanned = () =>
  useQuery({
    queryKey: ['admin', 'canned'],
    queryFn: async ({ signal }) => (await answerOf(v1.GET('/canned-replies', { signal }))).data,
  })

/** Earlier is better; undefined: not found. */
const rankOf = ({ name, sounds, text, variants }: CannedReply, typed: string): number | undefined => {
  const words = name.toLowerCase()
  const letters = typed.replaceAll(/[\s']/g, '')
  const tests = [
    words.startsWith(typed),
    sounds.some((sound) => sound.startsWith(letters)),
    words.includes(typed),
    sounds.some((sound) => sound.includes(letters)),
    [text, ...variants.map((variant) => variant.text)].some((one) => one.toLowerCase().includes(typed)),
  ]
  const rank = tests.indexOf(true)
  return rank < 0 ? undefined : rank
}

/** Those that a few typed characters mean: by the beginning of the name, its initials, then anything in it or the text. */
export const findCanned = (replies: readonly CannedReply[], query: string): readonly CannedReply[] => {
  const typed = query.trim().toLowerCase()
  if (typed === '') return replies
  return replies
    .flatMap((reply) => {
      const rank = rankOf(reply, typed)
      return rank === undefined ? [] : [{ reply, rank }]
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ reply }) => reply)
}
