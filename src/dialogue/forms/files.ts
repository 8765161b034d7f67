import type { Claim } from '../../core/conversation.ts'
import type { FormFile } from '../../core/form-progress.ts'
import type { OpenForm } from './progress.ts'

const maxFiles = 9

/** Pictures, videos, files and voice of a turn's messages. */
export const filesOf = ({ pending }: Claim): readonly FormFile[] =>
  pending
    .filter(({ wantsReply }) => wantsReply)
    .flatMap(({ id, parts }) =>
      parts.flatMap((part): readonly FormFile[] => {
        if (part.kind !== 'image' && part.kind !== 'video' && part.kind !== 'file' && part.kind !== 'audio')
          return []
        if (part.kind === 'audio' && part.transcript !== undefined) return []
        const { mediaId } = part.media
        return [
          {
            kind: part.kind,
            messageId: id,
            ...(mediaId === undefined ? {} : { mediaId }),
            ...(part.kind === 'file' ? { name: part.name.slice(0, 100) } : {}),
          },
        ]
      }),
    )

/** The form with files added to its evidence, the first nine; unchanged when it asks for none. */
export const keepFiles = (open: OpenForm, files: readonly FormFile[]): OpenForm => {
  const slot = open.form.slots.find(({ kind }) => kind === 'evidence')
  if (slot === undefined || files.length === 0) return open
  const { progress } = open
  const before = progress.answers[slot.name]
  const answer = {
    ...(before?.value === undefined ? {} : { value: before.value }),
    files: [...(before?.files ?? []), ...files].slice(0, maxFiles),
  }
  return { ...open, progress: { ...progress, answers: { ...progress.answers, [slot.name]: answer } } }
}
