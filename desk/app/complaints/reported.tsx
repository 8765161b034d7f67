import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { useState } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { isMasked } from '../people/reveal.tsx'
import { useSession } from '../shell/session.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/complaint.ts'
import { complaintKinds } from './facts.ts'
import { useCaseAct, type Case } from './use-case.ts'

const changeable: readonly Case['state'][] = ['received', 'examining', 'awaiting-evidence', 'appealed']

interface Asked {
  readonly kind: Case['kind']
  readonly objects: string
  readonly capacity: 'owner' | 'agent'
  readonly work: string
  readonly statement: string
}

const rightsOf = ({ capacity, work, statement }: Asked) => {
  const [named, declared] = [work.trim(), statement.trim()]
  return {
    capacity,
    ...(named === '' ? {} : { work: named }),
    ...(declared === '' ? {} : { statement: declared }),
  }
}

/** Changes what a case says of itself. */
const ChangeCase = ({ found, close }: { readonly found: Case; readonly close: () => void }) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const kind = (Form.useWatch('kind', form) as Case['kind'] | undefined) ?? found.kind
  const save = useCaseAct(found, 'done.case', ({ path, header }, asked: Asked) => {
    // What was not touched stays as it is: it may be shown masked here.
    const body = {
      kind: asked.kind,
      ...(form.isFieldTouched('objects')
        ? { objects: asked.objects.split('\n').flatMap((line) => line.trim() || []) }
        : {}),
      ...(asked.kind === 'copyright' && form.isFieldsTouched(['capacity', 'work', 'statement'])
        ? { rights: rightsOf(asked) }
        : {}),
    }
    return answerOf(v1.PATCH('/complaints/{id}', { params: { path, header }, body }))
  })
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  const { rights } = found
  return (
    <Modal
      open
      title={`${t('case.change')} T-${found.ticketNumber}`}
      okText={t('case.save')}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <Form<Asked>
        form={form}
        layout="vertical"
        initialValues={{
          kind: found.kind,
          objects: found.objects.map(({ kind: one, id }) => (one === 'user' ? `UID:${id}` : id)).join('\n'),
          capacity: rights?.capacity ?? 'owner',
          work: rights?.work ?? '',
          statement: rights?.statement ?? '',
        }}
        onFinish={(asked) => save.mutate(asked, { onSuccess: close })}
      >
        <Form.Item name="kind" label={t('case.kind')}>
          <Select options={complaintKinds.map((one) => ({ value: one, label: t(`case.kind.${one}`) }))} />
        </Form.Item>
        <Form.Item name="objects" label={t('case.objects')} extra={t('case.objects.hint')}>
          <Input.TextArea rows={3} />
        </Form.Item>
        {kind === 'copyright' && isMasked(rights) ? <p role="note">{t('case.rights.masked')}</p> : null}
        {kind === 'copyright' && !isMasked(rights) ? (
          <>
            <Form.Item name="capacity" label={t('case.rights.capacity')}>
              <Select
                options={(['owner', 'agent'] as const).map((one) => ({
                  value: one,
                  label: t(`case.rights.${one}`),
                }))}
              />
            </Form.Item>
            <Form.Item name="work" label={t('case.rights.work')}>
              <Input maxLength={500} />
            </Form.Item>
            <Form.Item name="statement" label={t('case.rights.statement')}>
              <Input.TextArea rows={3} maxLength={2_000} />
            </Form.Item>
          </>
        ) : null}
      </Form>
    </Modal>
  )
}

const Objects = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  if (found.objects.length === 0) return <p role="note">{t('case.objects.none')}</p>
  return (
    <ul className="addresses">
      {found.objects.map(({ kind, id, key, on }) => {
        const group = found.groups.find(({ objectKey }) => objectKey === key)
        return (
          <li key={key}>
            <span className="quiet">{t(`case.object.${kind}`)}</span> <bdi>{id}</bdi>
            {on === undefined ? null : (
              <span className="quiet">
                {' '}
                ← {t(`case.object.${on.kind}`)} <bdi>{on.id}</bdi>
              </span>
            )}
            {group === undefined ? null : (
              <span className="quiet">
                {' '}
                {t('case.group', { reports: group.reports, reporters: group.reporters })}
              </span>
            )}
            {group?.flaggedAt === undefined ? null : (
              <span className="chip due-over">{t('case.coordinated')}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

interface ReportedProps {
  readonly found: Case
  /** The same, in full where it was revealed. */
  readonly shown: Case
  /** What the reporter is called. */
  readonly name: string
}

/** What is reported, and by whom. */
export const Reported = ({ found, shown, name }: ReportedProps) => {
  const t = useWords()
  const { may } = useSession()
  const [isChanging, setChanging] = useState(false)
  const { rights } = shown
  return (
    <section aria-label={t('case.reported')}>
      <h3>
        {t('case.reported')}{' '}
        {may('complaint.work') && changeable.includes(found.state) ? (
          <Button size="small" onClick={() => setChanging(true)}>
            {t('case.change')}
          </Button>
        ) : null}
      </h3>
      <Objects found={found} />
      <p className="words" dir="auto">
        {shown.summary}
      </p>
      <h3>{t('case.reporter')}</h3>
      <p>
        <bdi>{name || t('author.contact')}</bdi>
      </p>
      {rights === undefined ? null : (
        <dl className="facts">
          <div>
            <dt>{t('case.rights.capacity')}</dt>
            <dd>{t(`case.rights.${rights.capacity}`)}</dd>
          </div>
          {rights.work === undefined ? null : (
            <div>
              <dt>{t('case.rights.work')}</dt>
              <dd dir="auto">{rights.work}</dd>
            </div>
          )}
          <div>
            <dt>{t('case.rights.statement')}</dt>
            <dd dir="auto" className="words">
              {rights.statement ?? t('case.rights.none')}
            </dd>
          </div>
        </dl>
      )}
      {isChanging ? <ChangeCase found={shown} close={() => setChanging(false)} /> : null}
    </section>
  )
}
