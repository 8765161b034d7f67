import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { useRef, useState } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { sizeText } from '../compose/use-uploads.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/complaint.ts'
import { useCaseAct, type Case } from './use-case.ts'
import { Why } from './why.tsx'

type Piece = Case['evidence'][number]

const supplied: readonly Case['state'][] = ['received', 'examining', 'awaiting-evidence', 'appealed']

const Thumbnail = ({ piece, place }: { readonly piece: Piece; readonly place: number }) => {
  const t = useWords()
  const { mediaId, contentType, name } = piece
  const href = `/api/desk/media/${mediaId}`
  const label = name ?? t('case.evidence.one', { n: place })
  return (
    <a href={href} target="_blank" rel="noopener" className="file">
      {contentType.startsWith('image/') ? (
        <img src={href} alt={label} className="thumbnail" loading="lazy" />
      ) : (
        <bdi>{label}</bdi>
      )}
    </a>
  )
}

const Fingerprint = ({ name, text }: { readonly name: string; readonly text: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <code className="hash">{text}</code>
    </dd>
  </div>
)

const PieceItem = ({ piece, place }: { readonly piece: Piece; readonly place: number }) => {
  const t = useWords()
  const { name, contentType, bytes, sha256, sentSha256, description, side, addedAt } = piece
  return (
    <li className="piece">
      <Thumbnail piece={piece} place={place} />
      <div>
        <bdi>{name ?? t('case.evidence.one', { n: place })}</bdi>{' '}
        <span className="chip">{t(`case.side.${side}`)}</span>{' '}
        <span className="quiet">
          {contentType} · {sizeText(bytes)} · <time dateTime={addedAt}>{exactTime(addedAt)}</time>
        </span>
        {description === undefined ? null : (
          <p className="words" dir="auto">
            {description}
          </p>
        )}
        <dl className="facts">
          <Fingerprint name="SHA-256" text={sha256} />
          {sentSha256 === undefined || sentSha256 === sha256 ? null : (
            <Fingerprint name={t('case.evidence.sent')} text={sentSha256} />
          )}
        </dl>
      </div>
    </li>
  )
}

/** A file's bytes as the API takes them. */
const base64Of = (file: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      const { result } = reader
      resolve(typeof result === 'string' ? result.slice(result.indexOf(',') + 1) : '')
    }
    reader.onerror = () => {
      reject(new Error('the file cannot be read'))
    }
    reader.readAsDataURL(file)
  })

interface Asked {
  readonly side: Piece['side']
  readonly description?: string
}

/** Hands in a file that was chosen. */
const AddPiece = ({
  found,
  file,
  close,
}: {
  readonly found: Case
  readonly file: File
  readonly close: () => void
}) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const add = useCaseAct(found, 'done.evidence', async (params, { side, description = '' }: Asked) =>
    answerOf(
      v1.POST('/complaints/{id}/evidence', {
        params,
        body: {
          ...{ content: await base64Of(file), name: file.name.slice(0, 200), side },
          ...(description.trim() === '' ? {} : { description: description.trim() }),
        },
      }),
    ),
  )
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  return (
    <Modal
      open
      title={t('case.evidence.add')}
      okText={t('case.evidence.add')}
      cancelText={t('cancel')}
      confirmLoading={add.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <p>
        <bdi>{file.name}</bdi> <span className="quiet">{sizeText(file.size)}</span>
      </p>
      <Form<Asked>
        form={form}
        layout="vertical"
        initialValues={{ side: 'reporter' }}
        onFinish={(asked) => add.mutate(asked, { onSuccess: close })}
      >
        <Form.Item name="side" label={t('case.evidence.side')}>
          <Select
            options={(['reporter', 'reported'] as const).map((one) => ({
              value: one,
              label: t(`case.side.${one}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="description" label={t('case.evidence.description')}>
          <Input maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

/** Files that prove something, each with its hash and its time. */
export const Evidence = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  const { may } = useSession()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File>()
  return (
    <section aria-label={t('case.evidence')}>
      <h3>{t('case.evidence')}</h3>
      {found.evidence.length === 0 ? <p className="quiet">{t('case.evidence.none')}</p> : null}
      <ol className="pieces">
        {found.evidence.map((piece, place) => (
          <PieceItem key={piece.id} piece={piece} place={place + 1} />
        ))}
      </ol>
      {!supplied.includes(found.state) ? null : may('complaint.work') ? (
        <>
          <input
            ref={input}
            type="file"
            hidden
            aria-label={t('case.evidence.add')}
            onChange={({ target }) => {
              setFile(target.files?.[0])
              target.value = ''
            }}
          />
          <Button onClick={() => input.current?.click()}>{t('case.evidence.add')}</Button>
        </>
      ) : (
        <Why text={t('case.why.work')} />
      )}
      {file === undefined ? null : <AddPiece {...{ found, file }} close={() => setFile(undefined)} />}
    </section>
  )
}
