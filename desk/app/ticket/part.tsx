import { lazy, Suspense, type ReactNode } from 'react'
import type { MessageView } from '../api/desk.ts'
import { isWord, useWords, type Translate } from '../words/index.ts'
import { isNative } from '../voice/source.ts'
import { Mail } from './mail.tsx'

// A picture is seen at once; what enlarges and turns it comes after.
const Image = lazy(() => import('antd/es/image'))
// The same for voices: a link to the file stands there until the player has come.
const Voice = lazy(async () => ({ default: (await import('../voice/voice.tsx')).Voice }))

export type PartView = MessageView['parts'][number]
type Media = Extract<PartView, { readonly kind: 'file' }>['media']
type Kind<Name extends PartView['kind']> = Extract<PartView, { readonly kind: Name }>

const addressOf = ({ mediaId }: Media): string | undefined =>
  mediaId === undefined ? undefined : `/api/desk/media/${mediaId}`

interface FileProps {
  readonly kind: 'image' | 'audio' | 'video' | 'file'
  readonly media: Media
  readonly children: ReactNode
}

const FileLink = ({ kind, media, children }: FileProps) => {
  const t = useWords()
  const href = addressOf(media)
  if (href === undefined)
    return (
      <span className="quiet">
        {t(`part.${kind}`)}: {t('part.missing')} {media.failure ?? ''}
      </span>
    )
  return (
    <a href={href} target="_blank" rel="noopener" className="file">
      {children}
    </a>
  )
}

/** What the server shows as a picture; a broken one it keeps as a file. */
const isPicture = ({ contentType }: Media): boolean => contentType?.startsWith('image/') ?? true

const Picture = ({ media, alt }: { readonly media: Media; readonly alt: string }) => {
  const src = addressOf(media)
  if (src === undefined || !isPicture(media))
    return (
      <FileLink kind="image" media={media}>
        <bdi>{alt}</bdi>
      </FileLink>
    )
  return (
    <Suspense fallback={<img src={src} alt={alt} className="picture" loading="lazy" />}>
      <Image src={src} alt={alt} className="picture" loading="lazy" />
    </Suspense>
  )
}

const durationText = (ms: number): string => {
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Which of two recordings is heard: the better one where browsers play it, else the one that we can decode. */
const heardOf = ({ media, highQuality }: Kind<'audio'>): Media =>
  highQuality?.mediaId !== undefined && (media.mediaId === undefined || isNative(highQuality.contentType))
    ? highQuality
    : media

const Transcript = ({ text, source }: { readonly text: string; readonly source: string }) => {
  const t = useWords()
  const key = `transcript.${source}`
  return (
    <span className="transcript">
      <span className="quiet">{t('part.transcript', { source: isWord(key) ? t(key) : source })}: </span>
      <bdi>{text}</bdi>
    </span>
  )
}

const VoicePart = ({ part }: { readonly part: Kind<'audio'> }) => {
  const t = useWords()
  const { durationMs, transcript } = part
  const media = heardOf(part)
  const address = addressOf(media)
  const link = (
    <FileLink kind="audio" media={media}>
      {t('part.audio')} {durationMs === undefined ? '' : durationText(durationMs)}
    </FileLink>
  )
  return (
    <span className="stack">
      {address === undefined ? (
        link
      ) : (
        <Suspense fallback={link}>
          <Voice recording={{ address, contentType: media.contentType ?? '' }} durationMs={durationMs} />
        </Suspense>
      )}
      {transcript === undefined ? null : <Transcript {...transcript} />}
    </span>
  )
}

const WebLink = ({ part: { url, title, description } }: { readonly part: Kind<'link'> }) => (
  <span className="stack">
    {/^https?:\/\//i.test(url) ? (
      <a href={url} target="_blank" rel="noopener noreferrer" dir="auto">
        {title ?? url}
      </a>
    ) : (
      <span dir="auto">{title ?? url}</span>
    )}
    {description === undefined ? null : (
      <span className="quiet" dir="auto">
        {description}
      </span>
    )}
    {title === undefined ? null : (
      <span className="quiet" dir="auto">
        {url}
      </span>
    )}
  </span>
)

const Choices = ({ part: { prompt, choices, footer } }: { readonly part: Kind<'choices'> }) => (
  <span className="stack" dir="auto">
    {prompt}
    <ol>
      {choices.map(({ id, label }) => (
        <li key={id} dir="auto">
          {label}
        </li>
      ))}
    </ol>
    {footer}
  </span>
)

const Unsupported = ({ part: { type, raw } }: { readonly part: Kind<'unsupported'> }) => {
  const t = useWords()
  return (
    <details>
      <summary>
        {t('part.unsupported')}: {type}
      </summary>
      <pre dir="ltr">{JSON.stringify(raw, undefined, 2).slice(0, 4_000)}</pre>
    </details>
  )
}

const eventText = ({ name, value }: Kind<'event'>, t: Translate): string => {
  const key = `event.${name}`
  return `${isWord(key) ? t(key) : name}${value === undefined ? '' : ` · ${value}`}`
}

interface PartProps {
  readonly part: PartView
  readonly messageId: string
}

/** One part of a message. Whatever a contact wrote is shown as text; nothing of it is markup. */
export const Part = ({ part, messageId }: PartProps) => {
  const t = useWords()
  switch (part.kind) {
    case 'text':
      return (
        <p className="words" dir="auto">
          {part.text}
        </p>
      )
    case 'image':
      return <Picture media={part.media} alt={part.alt ?? t('part.image')} />
    case 'audio':
      return <VoicePart part={part} />
    case 'video':
      return (
        <FileLink kind="video" media={part.media}>
          {t('part.video')}
        </FileLink>
      )
    case 'file':
      return (
        <FileLink kind="file" media={part.media}>
          <bdi>{part.name}</bdi>
        </FileLink>
      )
    case 'location':
      return (
        <bdi>
          {part.label ?? t('part.location')} ({part.latitude}, {part.longitude})
        </bdi>
      )
    case 'link':
      return <WebLink part={part} />
    case 'sticker':
      return part.media?.mediaId === undefined ? (
        <bdi>[{part.name}]</bdi>
      ) : (
        <Picture media={part.media} alt={part.name} />
      )
    case 'choices':
      return <Choices part={part} />
    case 'event':
      return part.name === 'mail' && part.data !== undefined ? (
        <Mail data={part.data} original={part.original} messageId={messageId} />
      ) : (
        <bdi className="quiet">{eventText(part, t)}</bdi>
      )
    case 'unsupported':
      return <Unsupported part={part} />
    default:
      return part satisfies never
  }
}
