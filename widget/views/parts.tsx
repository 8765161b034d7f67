import type { ComponentChildren } from 'preact'
import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import type { ChatEvent, VisiblePart } from '../../channels/web/protocol.ts'
import type { Chat } from '../chat.ts'
import type { RatingProps } from '../extras/rating.tsx'
import { wordsOf } from '../words.ts'
import { fetchFile } from '../upload.ts'
import { sizeOf } from './size.ts'

/** A bubble around text or elements; each paragraph finds its own direction. */
export const Bubble = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="bubble" dir="auto">
    {children}
  </div>
)

const Link = ({ url, children }: { readonly url: string; readonly children: ComponentChildren }) => (
  <a href={url} target="_blank" rel="noopener noreferrer nofollow">
    {children}
  </a>
)

/** Only what leads somewhere on the web is a link, whatever the server says. */
const isWeb = (url: string): boolean => /^https?:\/\//i.test(url)

/** Text with its web addresses made clickable. */
const withLinks = (text: string): ComponentChildren =>
  text.split(/(https?:\/\/[\w\-.~:/?#[\]@!$&'*+,;=%]*[\w\-~/#=&%])/).map((piece, at) =>
    at % 2 === 1 ? (
      <Link key={at} url={piece}>
        {piece}
      </Link>
    ) : (
      piece
    ),
  )

/** Kinds that are shown here; whatever else a file is, it is only ever saved. */
const shownTypes = /^(image\/(png|jpeg|gif|webp)|audio\/(mpeg|ogg|wav))$/

type MediaPart = Extract<VisiblePart, { kind: 'media' }>
interface PartProps<P extends VisiblePart> {
  readonly chat: Chat
  readonly event: ChatEvent
  readonly part: P
}

const save = (blob: Blob, name: string): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

const Saver = ({ chat, event, part }: PartProps<MediaPart>) => {
  const isGone = useSignal(false)
  const name = part.label ?? part.of
  const fetchAndSave = async (): Promise<void> => {
    const blob = await fetchFile(chat.session, event.seq, part.part)
    isGone.value = blob === undefined
    if (blob !== undefined) save(blob, name)
  }
  return (
    <Bubble>
      <button
        class="text-button file"
        type="button"
        aria-label={wordsOf(chat).download(name)}
        onClick={() => void fetchAndSave()}
      >
        <bdi>{name}</bdi> · {sizeOf(part.bytes)}
      </button>
      {isGone.value && <span class="fault">{wordsOf(chat).gone}</span>}
    </Bubble>
  )
}

/** A picture or sound from memory: the server gives it to whoever holds the visitor's token alone. */
const Media = (props: PartProps<MediaPart>) => {
  const { chat, event, part } = props
  const found = useSignal<{ readonly url: string; readonly type: string } | undefined | 'none'>(undefined)
  const mayShow = part.of === 'image' || part.of === 'audio'
  useEffect(() => {
    if (!mayShow) return undefined
    let url: string | undefined
    let isLeft = false
    void fetchFile(chat.session, event.seq, part.part).then((blob) => {
      if (isLeft) return
      if (blob === undefined || !shownTypes.test(blob.type)) {
        found.value = 'none'
        return
      }
      url = URL.createObjectURL(blob)
      found.value = { url, type: blob.type }
    })
    return () => {
      isLeft = true
      if (url !== undefined) URL.revokeObjectURL(url)
    }
  }, [event.seq, part.part])
  if (!mayShow || found.value === 'none') return <Saver {...props} />
  if (found.value === undefined) return <Bubble>{wordsOf(chat).loading}</Bubble>
  const label = part.label ?? wordsOf(chat)[part.of]
  return found.value.type.startsWith('image/') ? (
    <Link url={found.value.url}>
      <img src={found.value.url} alt={label} onError={() => (found.value = 'none')} />
    </Link>
  ) : (
    <audio src={found.value.url} controls aria-label={label} />
  )
}

/** A question with its options: they can be pressed while nothing was said since. */
const Options = ({ chat, event, part }: PartProps<Extract<VisiblePart, { kind: 'choices' }>>) => {
  const { events, outbox } = chat
  const later = events.value.filter(({ seq, author }) => author === 'contact' && seq > event.seq)
  const isOver = later.length > 0 || outbox.unsent.value.length > 0
  const chosen = later[0]?.parts.find(({ kind }) => kind === 'choice')
  const chosenId = chosen?.kind === 'choice' ? chosen.id : undefined
  return (
    <>
      {part.prompt !== '' && <Bubble>{withLinks(part.prompt)}</Bubble>}
      <div class="choices" role="group" aria-label={part.prompt}>
        {part.choices.map(({ id, label }) => (
          <button
            key={id}
            class="chip"
            type="button"
            disabled={isOver}
            aria-pressed={id === chosenId}
            onClick={() => chat.say({ choice: id }, label)}
          >
            {label}
          </button>
        ))}
      </div>
      {part.footer !== undefined && <p class="meta">{part.footer}</p>}
    </>
  )
}

/** A question how the help was: five options of a survey. */
const isRating = ({ choices }: RatingProps['part']): boolean =>
  choices.length === 5 && choices.every(({ id }) => id.startsWith('survey:'))

/** Shown as what it is once that has come; as any question until then, and where it cannot be had. */
const Choices = (props: PartProps<RatingProps['part']>) => {
  const rating = useSignal<ComponentType<RatingProps> | undefined>(undefined)
  const asks = isRating(props.part)
  useEffect(() => {
    if (asks)
      import('../extras/rating.tsx').then(
        ({ Rating }) => (rating.value = Rating),
        () => undefined,
      )
  }, [])
  const Rating = rating.value
  if (!asks || Rating === undefined) return <Options {...props} />
  return (
    <>
      <Bubble>{props.part.prompt}</Bubble>
      <Rating {...props} />
    </>
  )
}

/** The label of an option that was offered before. */
const labelOf = (events: readonly ChatEvent[], before: number, id: string): string => {
  const offered = events
    .filter(({ seq }) => seq < before)
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.kind === 'choices' ? part.choices : []))
  return offered.findLast((choice) => choice.id === id)?.label ?? id
}

/** A piece of a message; nothing for a kind that this version does not know. */
export const PartView = ({ chat, event, part }: PartProps<VisiblePart>) => {
  switch (part.kind) {
    case 'text':
      return <Bubble>{event.author === 'contact' ? part.text : withLinks(part.text)}</Bubble>
    case 'choices':
      return <Choices chat={chat} event={event} part={part} />
    case 'choice':
      return <Bubble>{labelOf(chat.events.value, event.seq, part.id)}</Bubble>
    case 'link':
      return (
        <Bubble>
          {isWeb(part.url) ? <Link url={part.url}>{part.title ?? part.url}</Link> : (part.title ?? part.url)}
          {part.description !== undefined && <small>{part.description}</small>}
        </Bubble>
      )
    case 'media':
      return <Media chat={chat} event={event} part={part} />
    case 'placeholder':
      return (
        <Bubble>{[wordsOf(chat)[part.of], part.label].filter((one) => one !== undefined).join(' ')}</Bubble>
      )
    default:
      return null
  }
}
