#!/usr/bin/env python3
"""What Jinja makes of chat templates, set up as transformers sets it up.

    make_templates.py ../chat_templates.json

The templates are written for this: some in the forms that families use (turns between markers, instructions in brackets, a
system message of its own or within the first question), and one small one for every part of the language that is known.
"""
import json, sys
import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception

TALK = [{"role": "system", "content": " Be brief. "}, {"role": "user", "content": "Who was Ada?\nTell me."},
        {"role": "assistant", "content": "A mathematician. "}, {"role": "user", "content": "When? \"quoted\" é 😀"}]
SHORT = TALK[1:2]

FORMS = {
    "turns": """{% for m in messages %}
{{ '<|begin|>' + m['role'] + '\\n' + m['content'] + '<|end|>' + '\\n' }}
{% endfor %}
{% if add_generation_prompt %}
{{ '<|begin|>assistant\\n' }}
{% endif %}
""",
    "default-system": """{%- if messages[0].role == 'system' %}
    {{- '<|s|>' ~ messages[0].content | trim ~ '<|e|>' }}
    {%- set rest = messages[1:] %}
{%- else %}
    {{- '<|s|>You answer.<|e|>' }}
    {%- set rest = messages %}
{%- endif %}
{%- for m in rest %}
    {%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('turns must alternate') }}
    {%- endif %}
    {{- '<|' + m.role + '|>' + m.content.strip() + ('<|e|>' if not loop.last else '') -}}
{%- endfor -%}
{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}
""",
    "brackets": """{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}{{ '[Q] ' + m['content'] + ' [/Q]' }}{% elif m['role'] == 'assistant' %}{{ m['content'] + eos_token }}{% elif m['role'] == 'system' %}{{ '<<S>>' + m['content'] + '<</S>>\\n' }}{% else %}{{ raise_exception('no such role') }}{% endif %}{% endfor %}""",
    "within": """{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] %}{% set loop_messages = messages[1:] %}{% else %}{% set loop_messages = messages %}{% set system = false %}{% endif %}{% for message in loop_messages %}{% if loop.index0 == 0 and system %}{% set content = '<<' + system | trim + '>> ' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{{ message['role'] | upper }}: {{ content }}
{% endfor %}""",
    "namespace": """{%- set ns = namespace(system='', count=0, is_first=true) %}
{%- for m in messages %}
    {%- if m['role'] == 'system' %}{%- set ns.system = m['content'] %}{%- else %}{%- set ns.count = ns.count + 1 %}{%- endif %}
{%- endfor %}
{{- bos_token }}{{ ns.system }}
{%- for m in messages if m.role != 'system' %}
    {%- if ns.is_first %}{%- set ns.is_first = false %}({{ ns.count }}){% endif %}
<turn>{{ 'model' if m.role == 'assistant' else m.role }}
{{ m['content'] | trim }}</turn>
{% endfor %}
{%- if add_generation_prompt %}<turn>model
{% endif %}""",
    "tools": """{%- macro show(tool, depth=1) -%}
- {{ tool.name }}: {{ tool.parameters | tojson(indent=2) }}{{ '!' * depth }}
{%- endmacro -%}
{%- if tools is defined and tools is not none and tools | length > 0 %}
{%- for tool in tools %}
{{ show(tool) }}
{{ show(tool, depth=3) }}
{%- endfor %}
{%- else %}no tools{% endif %}
{%- for m in messages %}{% if m.content is string %}{{ m.content[:5] }}|{% else %}{% for part in m.content %}{{ part.text }}{% endfor %}{% endif %}{% endfor %}""",
}

SMALL = [
    "{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 5 }} {{ (1 + 2) * 3 }} {{ 1.5 + 1 }} {{ -3 | abs }}",
    "{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 2 }} {{ [1, 'x', none, true, 2.0] }} {{ {'a': 1, 'b': [2]} }} {{ \"it's\" }} {{ ['it\\'s', 'q\"'] }}",
    "{{ 1 == 1.0 }} {{ 'a' < 'b' }} {{ 3 in [1, 2, 3] }} {{ 'b' in 'abc' }} {{ 'x' not in 'abc' }} {{ 'k' in {'k': 1} }} {{ 1 < 2 < 3 }} {{ not 1 > 2 }}",
    "{{ missing }}|{{ missing is defined }}|{{ missing | default('d') }}|{{ '' | default('e', true) }}|{{ none | default('f') }}|{{ 'ok' if missing is undefined else 'no' }}",
    "{{ 'abc'[0] }}{{ 'abc'[-1] }} {{ 'abcdef'[1:3] }} {{ 'abcdef'[::-1] }} {{ 'abcdef'[-2:] }} {{ [1,2,3,4][::2] }} {{ [1,2,3][5:] }} {{ 'aé😀b'[1:3] }}",
    "{% for i in range(3) %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }},{% endfor %}",
    "{% for a, b in {'x': 1, 'y': 2}.items() %}{{ a }}={{ b }};{% else %}none{% endfor %}{% for z in [] %}{% else %}empty{% endfor %}",
    "{% for x in [1,2,3,4,5] if x % 2 %}{{ loop.previtem | default('-') }}{{ x }}{{ loop.nextitem | default('-') }} {% endfor %}",
    "{% for x in range(10) %}{% if x == 3 %}{% continue %}{% endif %}{% if x > 5 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set block %}  text {{ a }} {% endset %}[{{ block }}][{{ block | trim }}]{% set f | upper %}low{% endset %}{{ f }}",
    "{{ ' x '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'a,b,c'.split(',') }}|{{ 'a  b'.split() }}|{{ 'a,b,c'.split(',', 1)[1] }}|{{ 'abc'.startswith('ab') }}|{{ 'abc'.endswith('bc') }}|{{ 'aXa'.replace('X', 'y') }}|{{ 'Ab cd'.title() }}",
    "{{ 'a-b'.split('-')[-1] }} {{ 'x\\n'.rstrip('\\n') }}. {{ '  y'.lstrip() }} {{ ('</t>' in 'a</t>b') }} {{ 'a</t>b'.split('</t>') | last }}",
    "{{ [3, 1, 2] | sort }} {{ [1, 2] | join('-') }} {{ ['a', 'b'] | first }} {{ [1, 2, 3] | last }} {{ [1, 2] | sum }} {{ ['x', 'y'] | map('upper') | list }} {{ [1, 1, 2] | unique | list }} {{ [1, 2] | reverse | list }}",
    "{{ [{'n': 1, 'k': true}, {'n': 2}] | selectattr('k', 'defined') | map(attribute='n') | list }} {{ [{'r': 'u'}, {'r': 's'}] | rejectattr('r', 'equalto', 's') | list | length }} {{ [1, none, 2] | select | list }} {{ [1, 2, 3] | select('odd') | list }}",
    "{{ {'b': [1, 2.5, null_value], 'a': 'é\\n\"'} | tojson }} {{ [] | tojson }} {{ {'a': [1, {'b': 2}]} | tojson(indent=4) }}",
    "{{ 3 is odd }} {{ 4 is even }} {{ 9 is divisibleby 3 }} {{ 'a' is string }} {{ [1] is iterable }} {{ {} is mapping }} {{ none is none }} {{ 1 is number }} {{ true is boolean }} {{ 1 is not string }} {{ 'a' is in ['a'] }}",
    "{{ 'x' if true else 'y' }}{{ 'x' if false }}|{{ 'a' if 0 else 'b' if 1 else 'c' }}",
    "{{ '12' | int + 1 }} {{ 'x' | int(5) }} {{ 3.7 | int }} {{ '2.5' | float }} {{ 3.14159 | round(2) }} {{ 'Hello' | length }} {{ 5 | string + 'x' }} {{ 'aB' | capitalize }}",
    "a\n  {% if true %}\n  b\n  {% endif %}\nc\n",
    "a  {%- if true -%}  b  {%- endif -%}  c",
    "  {%+ if true %}x{% endif +%}\ny",
    "a {# comment #}\nb {#- another -#} c\n  {# whole line #}\nd",
    "{{ 'x' }}\n{{ 'y' }}\n\n{% set z = 1 %}\n\nend",
    "{% raw %}{{ not filled }} {% if %}{% endraw %} after",
    "{%- macro outer(a, b='d') %}<{{ a }}{{ b }}>{% endmacro %}{{ outer(1) }}{{ outer(1, 2) }}{{ outer(b=3, a=4) }}{{ outer() }}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
    "{% if messages %}{{ messages | length }}{% endif %}{% if missing %}no{% elif messages[0]['role'] == 'user' and 'Ada' in messages[0].content %}yes{% endif %}",
    "{{ messages[0].get('name', 'nobody') }} {{ messages[0].get('missing') }} {{ messages[0].keys() | list }} {{ messages[-1]['content'][:3] }}",
    "{%- for m in messages %}\n    {{- m.role }}\n{%- endfor %}",
    "{% for k, v in {'b': 1, 'a': 2} | dictsort %}{{ k }}{{ v }}{% endfor %}{% for k, v in {'a': 1} | items %}{{ k }}{{ v }}{% endfor %} {{ 'one\\ntwo' | indent(2) }} {{ 'one\\ntwo' | indent(2, true) }}",
    "{{ dict(a=1).a }} {{ namespace(x=2).x }} {{ ('a', 'b')[1] }} {{ (1,)[0] }} {{ 'a' 'b' }} {{ [1, 2] + [3] }} {{ range(5, 0, -2) | list }}",
    "{{ 'tab\\there' }} {{ '\\u00e9' }} {{ 'back\\\\slash' }}",
    "{{ true and false or 'z' }} {{ 0 or 'x' }} {{ 'a' and 'b' }} {{ not missing }}",
    "{{ messages | map(attribute='role') | join(', ') }} {{ messages | selectattr('role', 'eq', 'user') | list | length }}",
    "{{ 1e3 }} {{ 1E3 }} {{ 1.5e-3 }} {{ 2e+2 + 1 }} {{ 1_000 }} {{ 0x1f }} {{ 0b11 }} {{ 0o17 }} {{ 1e16 }} {{ 1e999 }} {{ 1e-5 }} {{ 00 }} {{ [[7, 8], 9].0.1 }}",
    "{{ [1, 2] * 2 }} {{ 2 * [1] }} {{ 2 * 'ab' }} {{ [1] * -1 }} {{ [1] * true }} {{ ([0] * 4) | length }}",
    "{{ '%s and %d' % (1, 2) }} {{ '%05.2f|%-5s|%x|%X|%o' % (3.14159, 'a', 255, 255, 8) }} {{ '%s' % 'x' }} {{ '%%' % () }} {{ '%s' % [1, 'b'] }} {{ 'a' % {} }} {{ 'a' % [1] }}",
    "{{ '%r' % 'x' }} {{ '%s' % none }} {{ '%5d|%+d|%05d|% d|%-4d|' % (3, 4, -5, 6, 7) }} {{ '%e|%g|%G|%.3g|%.0f' % (12345.678, 0.00001, 1e20, 1234.5, 2.5) }} {{ '%c%c' % (65, 'b') }} {{ '%d' % 3.7 }} {{ '%i' % true }} {{ '%.3s|%8.2s|' % ('abcdef', 'xyz') }} {{ '%#x %.4d %f' % (255, 7, 1e999) }}",
    "{{ '%s' | format(3) }} {{ '%s-%s' | format('a', 'b') }} {{ '%s' | format([1, 2]) }} {{ '%d %%' | format(5) }}",
    "{{ 'abc' | replace('', 'x') }} {{ 'abc'.replace('', 'x') }} {{ 'abc' | replace('', 'x', 2) }} {{ '' | replace('', 'x') }} {{ 'aaa' | replace('a', 'b', 2) }} {{ 'aaa'.replace('a', 'b', 1) }} {{ 'aaa'.replace('a', 'b', -1) }} {{ 'é😀' | replace('', '-') }} {{ 'abc' | replace('', 'x', 1) }} {{ 'abc' | replace('', 'x', 0) }}",
    "{{ 'a\\nb' | indent(1200) | length }} {{ 'a\\nb' | indent('>>') }} {{ 'a\\n\\nb' | indent(2, blank=true) }} {{ 'a\\n\\nb' | indent(2) }} {{ '\\nb' | indent(3, true) }}|{{ 'a\\n' | indent(-3) }}|{{ 'a\\r\\nb' | indent(1) }}",
    "{{ [3, 1.5, true] | sort }} {{ ['b', 'A', 'c', 'B'] | sort }} {{ ['b', 'A', 'c', 'B'] | sort(case_sensitive=true) }} {{ [[2, 1], [1, 3], [1]] | sort }} {{ [none, none] | sort }} {{ 'cab' | sort }} {{ {'x': 1, 'b': 2} | sort }} {{ [2, 1, 3] | sort(true) }} {{ ['b', 'B', 'a'] | sort(reverse=true) }}",
    "{{ [{'a': 2, 'b': 1}, {'a': 1, 'b': 5}, {'a': 1, 'b': 2}] | sort(attribute='a,b') }} {{ [{'a': {'c': 2}}, {'a': {'c': 1}}] | sort(attribute='a.c') }} {{ ['b', 'A', 'a', 'B'] | min }}{{ ['b', 'A', 'a', 'B'] | max }} {{ [] | min }}{{ [3, 1, 2] | max }} {{ [{'n': 2}, {'n': 1}] | min(attribute='n') }}",
    "{{ ['a', 'A', 'b'] | unique | list }} {{ ['a', 'A'] | unique(case_sensitive=true) | list }} {{ {'B': 1, 'a': 2} | dictsort | map('first') | join }} {{ {'B': 1, 'a': 2} | dictsort(true) | map('first') | join }} {{ {'b': 1, 'a': 2} | dictsort(false, 'value') | map('first') | join }} {{ {'b': 1, 'a': 2} | dictsort(reverse=true) | map('first') | join }} {{ [{'n': 2}, {'n': 3}] | sum(attribute='n') }} {{ [1, 2] | sum(start=10) }} {{ [[1], [2]] | sum(start=[]) }} {{ [0.5, 1] | sum }}",
    "{{ 'a\\nb\\r\\nc\\n'.splitlines() }} {{ ''.splitlines() }} {{ 'x\\n\\n'.splitlines() }} {{ 'a\\rb'.splitlines() }}",
]

FAULTS = ["{% for %}", "{{ 1 +", "{% if x %}", "{{ x | nothing }}", "{% frobnicate %}", "{{ raise_exception('no') }}", "{{ missing.x.y }}", "{{ 'a' + 1 }}", "{{ 1 / 0 }}",
          "{% endif %}", "{{ 'open }}", "{{ x is nothing }}", "{{ 'a'.nothing() }}", "{{ cycler(1) }}",
          "{{ [3, 'a', 1] | sort }}", "{{ [none, 1] | sort }}", "{{ [{'a': 1}, {'a': 0}] | sort }}", "{{ [3, 'a'] | min }}", "{{ [none, none] | max }}",
          "{{ [{'a': 2}, {'a': 'x'}] | sort(attribute='a') }}", "{{ [{'a': 2}, {}] | sort(attribute='a') }}", "{{ [[1, 'a'], [1, 2]] | sort }}",
          "{{ [1] * 1.5 }}", "{{ [1] * [2] }}", "{{ '%d' % 'x' }}", "{{ '%s %s' % 'x' }}", "{{ '%s' % (1, 2) }}", "{{ 'a' % 1 }}", "{{ '%q' % 1 }}", "{{ '%' % 1 }}", "{{ '%x' % 1.5 }}",
          "{{ 1e }}", "{{ 007 }}", "{{ ['a', 1] | sum }}", "{{ '%s' | format }}", "{{ '%s' | format(1, 2) }}"]

TOOLS = [{"name": "f", "parameters": {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}}]
cases = []
for name, template in FORMS.items():
    for messages in (TALK, SHORT):
        for asks in (True, False):
            values = {"messages": messages, "add_generation_prompt": asks, "bos_token": "<s>", "eos_token": "</s>"}
            if name == "tools":
                values["tools"] = TOOLS if asks else None
            cases.append((name, template, values))
for number, template in enumerate(SMALL):
    cases.append((f"small {number}", template, {"messages": SHORT, "null_value": None}))
result = [{"name": n, "template": t, "values": v, "text": environment.from_string(t).render(**v)} for n, t, v in cases]
for template in FAULTS:
    try:
        environment.from_string(template).render(messages=SHORT)
        print("no fault:", template, file=sys.stderr)
    except Exception:
        pass
with open(sys.argv[1], "w") as file:
    json.dump({"cases": result, "faults": FAULTS}, file, ensure_ascii=False, indent=0)
