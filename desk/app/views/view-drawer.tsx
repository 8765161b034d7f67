import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Drawer from 'antd/es/drawer'
import Form, { type FormInstance } from 'antd/es/form'
import { useState } from 'react'
import { desk, type SavedView } from '../api/desk.ts'
import { keys } from '../api/queries.ts'
import { ApiError, createKey } from '../api/request.ts'
import { customView } from '../inbox/views.ts'
import { explain } from '../shell/explain.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/views.ts'
import { bodyOf, fieldsOf, filterOf, type ViewFields } from './fields.ts'
import { Fields } from './view-fields.tsx'
import { Stale } from './view-stale.tsx'
import { useTeamName } from './use-choices.ts'

/** What stands at the server now, where it was changed since it was read. */
const currentOf = (error: unknown): SavedView | undefined =>
  error instanceof ApiError && error.code === 'stale' && 'current' in error.facts
    ? // The server wrote it; server and page are of one build.
      (error.facts.current as SavedView)
    : undefined

/** Says what went wrong; of what was not taken the usual cause is that there are too many. */
const useTell = () => {
  const t = useWords()
  const { message } = App.useApp()
  return (error: Error): void => {
    if (currentOf(error) !== undefined) return
    const isFull = error instanceof ApiError && error.code === 'bad_input' && !('errors' in error.facts)
    void message.error(isFull ? t('views.full') : explain(error, t))
  }
}

/** Saves on the version that was seen, and shows the view. */
const useSave = (view: SavedView | undefined, close: () => void) => {
  const t = useWords()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const tell = useTell()
  const [key] = useState(createKey)
  return useMutation({
    mutationFn: ({ fields, version }: { readonly fields: ViewFields; readonly version: number }) =>
      view === undefined
        ? desk.createView(bodyOf(fields), key)
        : desk.changeView(view.id, { ...bodyOf(fields), version }),
    onSuccess: async ({ id }) => {
      void message.success(t('views.saved'))
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.views, exact: true }),
        client.invalidateQueries({ queryKey: keys.list(customView(id)) }),
      ])
      close()
      if (view === undefined) await navigate({ to: '/inbox/$view', params: { view: customView(id) } })
    },
    onError: tell,
  })
}

const Remove = ({ view, close }: { readonly view: SavedView; readonly close: () => void }) => {
  const t = useWords()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message, modal } = App.useApp()
  const tell = useTell()
  const team = useTeamName(view.teamId)
  const remove = useMutation({
    mutationFn: () => desk.removeView(view.id),
    onSuccess: async () => {
      void message.success(t('views.removed', { name: view.name }))
      close()
      await navigate({ to: '/inbox/$view', params: { view: 'unassigned' } })
      await client.invalidateQueries({ queryKey: keys.views, exact: true })
    },
    onError: tell,
  })
  const ask = (): void => {
    modal.confirm({
      title: t(
        view.shared ? 'views.remove.shared' : team === undefined ? 'views.remove.sure' : 'views.remove.team',
        {
          ...{ name: view.name, team: team ?? '' },
        },
      ),
      okText: t('views.remove'),
      cancelText: t('cancel'),
      onOk: () => {
        remove.mutate()
      },
    })
  }
  return (
    <Button danger loading={remove.isPending} onClick={ask}>
      {t('views.remove')}
    </Button>
  )
}

/** How many tickets the filters show as they stand. */
const Count = ({ form }: { readonly form: FormInstance<ViewFields> }) => {
  const t = useWords()
  // Nothing is chosen before the form is drawn.
  const fields = (Form.useWatch([], form) as ViewFields | undefined) ?? fieldsOf(undefined)
  const filter = filterOf({ ...fieldsOf(undefined), ...fields })
  const { data } = useQuery({
    queryKey: [...keys.views, 'count', filter],
    queryFn: ({ signal }) => desk.countTickets(filter, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <span className="view-count quiet" role="status">
      {data === undefined ? null : t(data.more ? 'views.count.more' : 'views.count', { n: data.count })}
    </span>
  )
}

interface DrawerProps {
  /** Undefined: a new one. */
  readonly view: SavedView | undefined
  readonly close: () => void
}

/** Makes a view, or changes one. */
export const ViewDrawer = ({ view, close }: DrawerProps) => {
  const t = useWords()
  const [form] = Form.useForm<ViewFields>()
  const [version, setVersion] = useState(view?.version ?? 1)
  const save = useSave(view, close)
  const current = currentOf(save.error)
  // Nothing is chosen before the form is drawn.
  const written = Form.useWatch([], form) as ViewFields | undefined
  const saveOn = (seen: number): void => {
    setVersion(seen)
    form.validateFields().then(
      // Of fields that are not drawn the form keeps what it began with.
      () => {
        save.mutate({ fields: { ...fieldsOf(view), ...form.getFieldsValue() }, version: seen })
      },
      // The fields say what is wrong.
      () => undefined,
    )
  }
  const take = (kept: SavedView): void => {
    form.setFieldsValue(fieldsOf(kept))
    setVersion(kept.version)
    save.reset()
  }
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  return (
    <Drawer
      open
      size="large"
      title={t(view === undefined ? 'views.new.title' : 'views.change')}
      {...stays}
      onClose={askClose}
      footer={
        <div className="actions">
          <Button
            type="primary"
            loading={save.isPending}
            onClick={() => saveOn(current === undefined ? version : current.version)}
          >
            {t(current === undefined ? 'save' : 'views.stale.mine')}
          </Button>
          {current === undefined ? null : (
            <Button onClick={() => take(current)}>{t('views.stale.theirs')}</Button>
          )}
          <Button onClick={askClose}>{t('cancel')}</Button>
          {view === undefined ? null : <Remove view={view} close={close} />}
          <Count form={form} />
        </div>
      }
    >
      {current === undefined ? null : <Stale current={current} mine={{ ...fieldsOf(view), ...written }} />}
      <Form form={form} layout="vertical" initialValues={fieldsOf(view)}>
        <Fields form={form} />
      </Form>
    </Drawer>
  )
}
