import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import Table from 'antd/es/table'
import Tag from 'antd/es/tag'
import { useState } from 'react'
import { answerOf, ifMatch, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/admin.ts'
import { once, useAdmin, useAdminAct, useSure } from './use-admin.ts'

type Team = Schemas['Team']
type Member = Schemas['TeamMember']

const kinds = ['question', 'complaint', 'feedback', 'appeal', 'incident-report'] as const
const grades = ['junior', 'agent', 'senior', 'lead'] as const
const spreads = ['leastLoaded', 'roundRobin'] as const

interface Asked {
  readonly zh: string
  readonly en: string
  readonly spread: (typeof spreads)[number]
  readonly kinds: (typeof kinds)[number][]
  readonly topics: string[]
  readonly isDefault: boolean
}

const askedOf = (team: Team | undefined): Asked => ({
  zh: team?.name.zh ?? '',
  en: team?.name.en ?? '',
  spread: team?.spread ?? 'leastLoaded',
  kinds: team?.takes.kinds ?? [],
  topics: team?.takes.topics ?? [],
  isDefault: team?.isDefault ?? false,
})

/** Makes a team or changes one. */
const TeamForm = ({ team, close }: { readonly team: Team | undefined; readonly close: () => void }) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const save = useAdminAct(({ zh, en, spread, kinds: own, topics, isDefault }: Asked) => {
    const { priorities = [], channels = [] } = team?.takes ?? {}
    const body = {
      ...{ name: { zh: zh.trim(), en: en.trim() }, spread, isDefault },
      takes: { kinds: own, topics, priorities, channels },
      // Skills that topics ask for are set by the API.
      skills: team?.skills ?? {},
    }
    return answerOf(
      team === undefined
        ? v1.POST('/teams', { params: { header: once() }, body })
        : v1.PATCH('/teams/{id}', { params: { path: { id: team.id }, header: ifMatch(team.version) }, body }),
    )
  }, 'done.saved')
  const needed = [{ required: true, whitespace: true, message: t('article.missing') }]
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  return (
    <Modal
      open
      title={t(team === undefined ? 'teams.new' : 'admin.teams')}
      okText={t('admin.save')}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={askedOf(team)}
        onFinish={(asked) => save.mutate(asked, { onSuccess: close })}
      >
        <Form.Item name="zh" label={t('admin.name.zh')} rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="en" label={t('admin.name.en')} rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="spread" label={t('teams.spread')}>
          <Select options={spreads.map((one) => ({ value: one, label: t(`teams.spread.${one}`) }))} />
        </Form.Item>
        <Form.Item name="kinds" label={t('teams.takes')}>
          <Select
            mode="multiple"
            options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          />
        </Form.Item>
        <Form.Item name="topics" label={t('teams.topics')}>
          <Select mode="tags" tokenSeparators={[',', '，', ' ']} />
        </Form.Item>
        <Form.Item name="isDefault" valuePropName="checked">
          <Checkbox>{t('teams.default')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  )
}

interface AskedMember {
  readonly agentId: string
  readonly grade: (typeof grades)[number]
  readonly skills: string[]
}

/** Who belongs to a team. */
const Members = ({ teamId }: { readonly teamId: string }) => {
  const t = useWords()
  const { may } = useSession()
  const path = { id: teamId }
  const { data = [], isPending } = useAdmin(
    ['teams', teamId, 'members'],
    async (signal) => (await answerOf(v1.GET('/teams/{id}/members', { params: { path }, signal }))).data,
  )
  const put = useAdminAct(
    (body: AskedMember) =>
      answerOf(v1.POST('/teams/{id}/members', { params: { path, header: once() }, body })),
    'done.saved',
  )
  const remove = useAdminAct(
    (agentId: string) =>
      answerOf(v1.DELETE('/teams/{id}/members/{agentId}', { params: { path: { ...path, agentId } } })),
    'done.removed',
  )
  return (
    <>
      <Table<Member>
        size="small"
        rowKey="agentId"
        dataSource={data}
        loading={isPending}
        pagination={false}
        columns={[
          { title: t('teams.members'), render: (_, { agentName }) => <bdi>{agentName}</bdi> },
          { title: t('teams.grade'), render: (_, { grade }) => t(`grade.${grade}`) },
          {
            title: t('teams.skills'),
            render: (_, { skills }) => skills.map((skill) => <Tag key={skill}>{skill}</Tag>),
          },
          {
            title: '',
            width: 90,
            render: (_, { agentId }) =>
              may('team.manage') ? (
                <Button size="small" onClick={() => remove.mutate(agentId)}>
                  {t('admin.remove')}
                </Button>
              ) : null,
          },
        ]}
      />
      {may('team.manage') ? (
        <Form<AskedMember>
          layout="inline"
          initialValues={{ grade: 'agent', skills: [] }}
          onFinish={(asked) => put.mutate(asked)}
        >
          <Form.Item
            name="agentId"
            label={t('teams.agent')}
            rules={[{ required: true, message: t('article.missing') }]}
          >
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="grade" label={t('teams.grade')}>
            <Select options={grades.map((grade) => ({ value: grade, label: t(`grade.${grade}`) }))} />
          </Form.Item>
          <Form.Item name="skills" label={t('teams.skills')}>
            <Select className="skills" mode="tags" tokenSeparators={[',', '，', ' ']} />
          </Form.Item>
          <Button htmlType="submit" loading={put.isPending}>
            {t('admin.add')}
          </Button>
        </Form>
      ) : null}
    </>
  )
}

/** Teams: what each takes, who belongs to it. */
export const Teams = () => {
  const t = useWords()
  const sure = useSure()
  const language = useLanguage((state) => state.language)
  const { may } = useSession()
  const [editing, setEditing] = useState<{ readonly team: Team | undefined }>()
  const {
    data: teams = [],
    error,
    isPending,
  } = useAdmin(['teams'], async (signal) => (await answerOf(v1.GET('/teams', { signal }))).data)
  const remove = useAdminAct(
    (id: string) => answerOf(v1.DELETE('/teams/{id}', { params: { path: { id } } })),
    'done.removed',
  )
  const askRemove = async ({ id, name }: Team): Promise<void> => {
    if (await sure('admin.remove.sure', name[language])) remove.mutate(id)
  }
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.teams')}</h1>
        {may('team.manage') ? (
          <Button type="primary" onClick={() => setEditing({ team: undefined })}>
            {t('teams.new')}
          </Button>
        ) : null}
      </header>
      <Table<Team>
        size="small"
        rowKey="id"
        dataSource={teams}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('admin.none') : explain(error, t) }}
        expandable={{ expandedRowRender: ({ id }) => <Members teamId={id} /> }}
        columns={[
          {
            title: t('admin.name.zh'),
            render: (_, { name, isDefault }) => (
              <>
                <bdi>{name[language]}</bdi> {isDefault ? <Tag>{t('teams.default')}</Tag> : null}
              </>
            ),
          },
          { title: t('teams.spread'), render: (_, { spread }) => t(`teams.spread.${spread}`) },
          {
            title: t('teams.takes'),
            render: (_, { takes }) =>
              [...takes.kinds.map((kind) => t(`kind.${kind}`)), ...takes.topics].map((one) => (
                <Tag key={one}>{one}</Tag>
              )),
          },
          {
            title: '',
            width: 170,
            render: (_, team) =>
              may('team.manage') ? (
                <div className="actions">
                  <Button size="small" onClick={() => setEditing({ team })}>
                    {t('admin.edit')}
                  </Button>
                  <Button size="small" danger onClick={() => void askRemove(team)}>
                    {t('admin.remove')}
                  </Button>
                </div>
              ) : null,
          },
        ]}
      />
      {editing === undefined ? null : <TeamForm team={editing.team} close={() => setEditing(undefined)} />}
    </>
  )
}
