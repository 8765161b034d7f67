import { paths } from './personal-paths.ts'
import { internal, numbers, technical, words, type PersonalTables } from './personal-table.ts'

/** What was done for contacts, and who they are. */
export const workTables: PersonalTables = {
  work_review_history: {
    title: words('质检经过', 'History of reviews'),
    of: paths.review,
    erase: {
      blank: { detail: "'{}'::jsonb" },
      kept: 'id review_id at actor_id actor_name change idempotency_key',
      why: numbers,
    },
    leftOut: 'about agents',
  },
  coaching_notes: {
    title: words('辅导记录', 'Coaching notes'),
    of: paths.reviewOrTicket,
    erase: {
      blank: { text: "''" },
      kept: 'id author_id agent_id review_id ticket_id follow_up_at due_since followed_up_at acknowledged_at created_at updated_at version',
      why: numbers,
    },
    leftOut: 'about agents',
  },
  work_reviews: {
    title: words('质检', 'Reviews of work'),
    of: paths.conversation,
    erase: {
      blank: {
        answers: "'{}'::jsonb",
        comment: 'null',
        dispute: `case when dispute is null then null else jsonb_strip_nulls(jsonb_build_object('state', dispute -> 'state',
          'at', dispute -> 'at', 'decidedAt', dispute -> 'decidedAt', 'decidedBy', dispute -> 'decidedBy',
          'reasons', '{}'::jsonb)) end`,
        state: "case when state in ('open', 'claimed') then 'cancelled' else state end",
      },
      kept: 'id subject work_id ticket_id conversation_id work_at reviewee_id team_id channel topic article_id confidence form_id form_number round rule_id reviewer_team_id reviewer_ids reviewer_id due_at created_at completed_at right_article_id total failed wrong_answer acknowledged_at version',
      why: words('只剩评分', 'marks only'),
    },
    leftOut: 'about agents',
  },
  handoff_summaries: {
    title: words('交接摘要', 'Handoff summaries'),
    of: paths.ticket,
    erase: 'delete',
    exported: { columns: 'ticket_id conversation_id made_at language model summary' },
  },
  agent_drafts: {
    title: words('客服没发出的草稿', 'What agents typed and did not send'),
    of: paths.ticket,
    erase: 'delete',
    leftOut: 'about agents',
  },
  ticket_timeline: {
    title: words('工单经过', 'History of tickets'),
    of: paths.ticket,
    erase: {
      blank: { detail: "'{}'::jsonb" },
      kept: 'id ticket_id at actor agent_id change idempotency_key',
      why: numbers,
    },
    exported: { columns: 'id ticket_id at actor change' },
  },
  timers: { title: words('定时', 'Timers'), of: paths.timer, erase: 'delete', leftOut: technical },
  webhook_deliveries: {
    title: words('发往外部系统的通知', 'Deliveries to systems outside'),
    of: paths.delivery,
    erase: 'delete',
    leftOut: technical,
  },
  events: { title: words('事件', 'Events'), of: paths.event, erase: 'delete', leftOut: technical },
  tickets: {
    title: words('工单', 'Tickets'),
    of: paths.tickets,
    erase: {
      blank: {
        title: "'已删除 Erased'",
        summary: "''",
        reason: "''",
        subject: 'null',
        tags: "'{}'::text[]",
        fields: "'{}'::jsonb",
        hold_reason: 'null',
        state: "'closed'",
        due_at: 'null::timestamptz',
        danger_at: 'null::timestamptz',
        next_reply_due_at: 'null::timestamptz',
        hold_until: 'null::timestamptz',
      },
      also: {
        closed_at: 'coalesce(closed_at, now())',
        updated_at: 'now()',
        version: 'version + 1',
        reckoned_version: 'version + 1',
      },
      kept: 'id number conversation_id contact_id kind topic priority assignee_id created_at first_reply_due_at resolution_due_at first_replied_at solved_at parent_id merged_into team_id queued_at paused_at promise_terms',
      why: numbers,
    },
    exported: {
      columns:
        'id number conversation_id kind topic priority state title subject summary fields created_at first_replied_at solved_at closed_at',
    },
  },
  contact_merges: {
    title: words('合并记录', 'Merges'),
    of: paths.merge,
    erase: 'delete',
    exported: { columns: 'id from_contact_id into_contact_id at reason moved undone_at' },
  },
  contact_identities: {
    title: words('账号与地址', 'Addresses'),
    of: paths.contact,
    erase: 'delete',
    exported: {
      columns: 'inbox_id contact_key union_key display_name fallback avatar_media_id created_at',
    },
  },
  legal_holds: {
    title: words('保全', 'Legal holds'),
    of: paths.held,
    erase: {
      blank: { reason: "''", lift_reason: 'null' },
      kept: 'id object_kind object_id set_by set_at lifted_by lifted_at version',
      why: words('证明曾经保全、何时解除', 'show that it was held, and when no more'),
    },
    leftOut: internal,
  },
  contact_exports: {
    title: words('导出副本', 'Copies that were made'),
    of: paths.contact,
    erase: {
      blank: { reason: "''", state: "'expired'" },
      kept: 'id contact_id requested_by requested_at ready_at expires_at bytes pieces',
      why: words('证明何时提供过副本', 'show when a copy was given'),
    },
    exported: { columns: 'id state requested_at ready_at' },
  },
  conversations: {
    title: words('会话', 'Conversations'),
    of: paths.contact,
    erase: {
      blank: {
        contact_key: "'erased:' || id::text",
        thread_key: "'erased:' || id::text",
        account_key: 'null',
        dialogue: `'{"failedTurns":0,"offered":[],"context":{},"greeted":false}'::jsonb`,
        quota: 'null::jsonb',
        mode: "'closed'",
        pending: '0',
        last_inbound_at: 'null::timestamptz',
        erased_at: 'coalesce(erased_at, now())',
      },
      also: {
        ready_at: 'null',
        settle_until: 'null',
        lease_owner: 'null',
        lease_until: 'null',
        // Whoever thinks about it now cannot commit.
        fence: 'fence + 1',
      },
      kept: 'id inbox_id channel contact_id last_seq created_at',
      why: words('墓碑：迟到的消息不会让数据重现', 'a tombstone: nothing that comes late brings data back'),
    },
    exported: {
      columns: 'id inbox_id channel contact_key mode dialogue last_inbound_at created_at',
    },
  },
  contacts: {
    title: words('联系人', 'Contacts'),
    of: paths.self,
    erase: {
      blank: { display_name: "''", tier: 'null', erased_at: 'coalesce(erased_at, now())' },
      kept: 'id created_at merged_into',
      why: words('墓碑：迟到的消息不会让数据重现', 'a tombstone: nothing that comes late brings data back'),
    },
    exported: { columns: 'id display_name tier created_at' },
  },
}
