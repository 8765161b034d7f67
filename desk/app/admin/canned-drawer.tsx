import { useMutation, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Drawer from 'antd/es/drawer'
import Form, { type FormInstance } from 'antd/es/form'
import Input from 'antd/es/input'
import Radio from 'antd/es/radio'
import { useState } from 'react'
import { ApiError } from '../api/request.ts'
import { answerOf, ifMatch, v1, type BodyOf } from '../api/v1.ts'
import { unknownNames, writtenNames } from '../canned/names.ts'
import type { CannedReply } from '../canned/use-canned.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/canned.ts'
import { CannedPictures, type Picture } from './canned-pictures.tsx'
import { CannedVariants, type Variant } from './canned-variants.tsx'
import { adminKey, once } from './use-admin.ts'

export interface CannedFields {
  readonly name: string
  readonly scope: CannedReply['scope']
  readonly text: string
  readonly variants: readonly Variant[]
  readonly pictures: readonly Picture[]
}

const fieldsOf = (reply: CannedReply | undefined): CannedFields => ({
  name: reply?.name ?? '',
  scope: reply?.scope ?? 'personal',
  text: reply?.text ?? '',
  variants: reply?.variants ?? [],
  pictures: reply?.pictures ?? [],
})

const bodyOf = ({
  name,
  scope,
  text,
  variants,
  pictures,
}: CannedFields): BodyOf<'/canned-replies', 'post'> => ({
  ...{ name: name.trim(), scope, text: text.trim() },
  variants: variants.map(({ channel, text: words }) => ({ channel, text: words.trim() })),
  pictures: [...pictures],
})

/** What stands at the server now, where it was changed since it was read. */
const currentOf = (error: unknown): CannedReply | undefined =>
  error instanceof ApiError && error.code === 'stale' && 'current' in error.facts
    ? // The server wrote it; server and page are of one build.
      (error.facts.current as CannedReply)
    : undefined

/** Saves on the version that was seen. */
const useSave = (reply: CannedReply | undefined, close: () => void) => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ fields, version }: { readonly fields: CannedFields; readonly version: number }) => {
      const body = bodyOf(fields)
      return answerOf(
        reply === undefined
          ? v1.POST('/canned-replies', { params: { header: once() }, body })
          : v1.PATCH('/canned-replies/{id}', {
              params: { path: { id: reply.id }, header: ifMatch(version) },
              body,
            }),
      )
    },
    onSuccess: () => {
      void message.success(t('done.saved'))
      close()
      return client.invalidateQueries({ queryKey: adminKey('canned') })
    },
    onError: (error) => {
      if (currentOf(error) === undefined) void message.error(explain(error, t))
    },
  })
}

interface StaleProps {
  readonly current: CannedReply
  readonly overwrite: () => void
  readonly take: () => void
}

/** Somebody was faster: both versions are shown, and nothing that was typed is lost. */
const Stale = ({ current, overwrite, take }: StaleProps) => {
  const t = useWords()
  return (
    <Alert
      type="warning"
      role="alert"
      title={t('canned.stale')}
      description={
        <>
          <p>
            <strong>
              <bdi>{current.name}</bdi>
            </strong>
          </p>
          <p className="words" dir="auto">
            {current.text}
          </p>
          {current.variants.map(({ channel, text }) => (
            <p key={channel} className="words" dir="auto">
              {t(`channel.${channel}`)}: {text}
            </p>
          ))}
          <div className="actions">
            <Button onClick={overwrite}>{t('canned.stale.mine')}</Button>
            <Button onClick={take}>{t('canned.stale.theirs')}</Button>
          </div>
        </>
      }
    />
  )
}

const Fields = ({ form }: { readonly form: FormInstance<CannedFields> }) => {
  const t = useWords()
  const { may } = useSession()
  const names = { names: writtenNames }
  const checkNames = (_: unknown, text = ''): Promise<void> => {
    const [name] = unknownNames(text)
    if (name !== undefined) return Promise.reject(new Error(t('canned.names.unknown', { name, ...names })))
    const { length } = (form.getFieldValue('pictures') ?? []) as readonly Picture[]
    return text.trim() === '' && length === 0
      ? Promise.reject(new Error(t('canned.text.missing')))
      : Promise.resolve()
  }
  return (
    <>
      <Form.Item
        name="name"
        label={t('canned.name')}
        rules={[{ required: true, whitespace: true, message: t('article.missing') }]}
      >
        <Input maxLength={60} dir="auto" />
      </Form.Item>
      <Form.Item name="scope" label={t('canned.scope')}>
        <Radio.Group
          disabled={!may('canned.manage')}
          options={[
            { value: 'personal', label: t('canned.scope.personal') },
            { value: 'team', label: t('canned.scope.team') },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="text"
        label={t('canned.text')}
        extra={t('canned.names', names)}
        dependencies={['pictures']}
        rules={[{ validator: checkNames }]}
      >
        <Input.TextArea rows={6} maxLength={4_000} dir="auto" />
      </Form.Item>
      <CannedVariants />
      <Form.Item name="pictures" label={t('canned.pictures')} extra={t('canned.pictures.hint')}>
        <CannedPictures />
      </Form.Item>
    </>
  )
}

interface DrawerProps {
  /** Undefined: a new one. */
  readonly reply: CannedReply | undefined
  readonly close: () => void
}

/** Makes a canned reply, or changes one. */
export const CannedDrawer = ({ reply, close }: DrawerProps) => {
  const t = useWords()
  const [form] = Form.useForm<CannedFields>()
  const [version, setVersion] = useState(reply?.version ?? 1)
  const save = useSave(reply, close)
  const current = currentOf(save.error)
  const saveOn = (seen: number): void => {
    setVersion(seen)
    form.validateFields().then(
      (fields) => {
        save.mutate({ fields, version: seen })
      },
      // The fields say what is wrong.
      () => undefined,
    )
  }
  const take = (kept: CannedReply): void => {
    form.setFieldsValue(fieldsOf(kept))
    setVersion(kept.version)
    save.reset()
  }
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  return (
    <Drawer
      open
      size="large"
      title={t(reply === undefined ? 'canned.new' : 'canned.change')}
      {...stays}
      onClose={askClose}
      footer={
        <div className="actions">
          <Button type="primary" loading={save.isPending} onClick={() => saveOn(version)}>
            {t('admin.save')}
          </Button>
          <Button onClick={askClose}>{t('cancel')}</Button>
        </div>
      }
    >
      {current === undefined ? null : (
        <Stale current={current} overwrite={() => saveOn(current.version)} take={() => take(current)} />
      )}
      <Form form={form} layout="vertical" initialValues={fieldsOf(reply)}>
        <Fields form={form} />
      </Form>
    </Drawer>
  )
}
