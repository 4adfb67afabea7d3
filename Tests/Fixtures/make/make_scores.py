#!/usr/bin/env python3
"""What the published scorers of LongBench and L-Eval make of toy strings.

    pip install rouge==1.0.1 rouge-score==0.1.2 fuzzywuzzy==0.18.0 rapidfuzz==3.14.6 jieba==0.42.1 numpy
    make_scores.py --longbench metrics.py --v2 pred.py --leval Evaluation --out ../scoring

metrics.py and pred.py are those of THUDM/LongBench (versions 1 and 2), Evaluation the folder of OpenLMLab/LEval with
em.py and auto_eval.py: they are run and not copied. The strings are our own. jieba gets a small dictionary and small
tables of our own too (dictionary.txt, finalseg), so that the tests need none of its files.
"""
import argparse, ast, contextlib, importlib.util, io, json, math, os, random, types

import jieba
import jieba.finalseg
from rapidfuzz.distance import Indel
from rouge_score import rouge_scorer

WORDS = """rope lane strand twist walk yarn long text head token window mask sink query key value layer loss turn angle
a an the A The An other theatre anthem answer 42 7 1851 3.5 U.S. e.g. don't state-of-the-art it's x_1 naïve café
CAFÉ Straße ΣΟΦΟΣ ΟΔΥΣΣΕΥΣ İstanbul ﬁne 10,000 $5 100% (yes) [no] {maybe} "quoted" 'single' ... !? -- — … “curly” ½ ² ٣ 四
Ångström ÅNGSTRÖM""".split()
DECOMPOSED = ["cafe\u0301", "A\u030angstro\u0308m", "nai\u0308ve", "a\u0301", "the\u0301"]
SPACES = [" "] * 12 + ["  ", "\n", "\t", "\u00a0", "\u3000", "\x1c", "\r\n", "\u2028", "\u200b"]
CHINESE = """绳索 走廊 长文本 词元 注意力 模型 窗口 上下文 很长 阅读 旋转 位置 编码 答案 问题 文章 我们 他们 学习 知识 时间 北京
大学 研究 生命 起源 研究生 研究院 中国 人民 经济 发展 工程师 软件 程序 网络 今天 天气 非常 好 不 的 了 是 在 和 有 一 二 三""".split()
RARE = "甪犇骉麤龘鑫淼焱垚"
MARKS = list("，。！？、；：“”‘’（）《》〈〉【】…—·") + list(",.!?%-+_#& ") + ["abc", "GPT4", "3.14", "50%", "é", "\n", "\r\n", "\u3000"]


def english(rng, most=14):
    text = ""
    for _ in range(rng.randint(0, most)):
        word = rng.choice(DECOMPOSED) if rng.random() < 0.08 else rng.choice(WORDS)
        if rng.random() < 0.15: word += rng.choice(".,;:!?")
        text += word + rng.choice(SPACES)
    return text if rng.random() < 0.3 else text.strip()


def near(rng, text, make):
    """A text that shares much with another."""
    parts = text.split(" ")
    kept = [part for part in parts if rng.random() < 0.75]
    if rng.random() < 0.3: rng.shuffle(kept)
    return " ".join(kept + make(rng, 4).split(" ")) if rng.random() < 0.7 else text


def chinese(rng, most=16):
    text = ""
    for _ in range(rng.randint(0, most)):
        kind = rng.random()
        text += rng.choice(CHINESE) if kind < 0.7 else rng.choice(MARKS) if kind < 0.9 else rng.choice(RARE)
    return text


def near_chinese(rng, text):
    kept = "".join(c for c in text if rng.random() < 0.8)
    return kept + chinese(rng, 4) if rng.random() < 0.7 else text


def code(rng):
    names = ["rope", "lane", "i", "n", "self.rows", "count", "value_2", "x", "mask[q][k]", "len(text)"]
    marks = [" = ", " + ", " == ", "(", ")", ", ", ".", " for ", " in ", ":", "\t", "    ", "return ", "é", "'s'", "0"]
    return "".join(rng.choice(names) + rng.choice(marks) for _ in range(rng.randint(0, 9)))


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def functions(path, names):
    """Some functions of a file whose imports are not needed."""
    with open(path, encoding="utf-8") as file: tree = ast.parse(file.read())
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]
    space = {"re": __import__("re"), "args": types.SimpleNamespace(pred_file="")}
    exec(compile(tree, path, "exec"), space)
    return space


def write_jieba(rng, out):
    """A dictionary and tables in jieba's form, of our own; jieba then reads them."""
    os.makedirs(out + "/finalseg", exist_ok=True)
    characters = sorted(set("".join(CHINESE)))
    words = {word: rng.randint(3, 40_000) for word in CHINESE}
    words.update({"长文": 12, "本词": 3, "研究生命": 1, "GPT4": 9, "不是": 5000, "有的": 2000, "一二": 7, "在和": 0})
    with open(out + "/dictionary.txt", "w", encoding="utf-8") as file:
        for word, count in words.items(): file.write(f"{word} {count} n\n")
    start = {"B": -0.25, "E": -3.14e100, "M": -3.14e100, "S": -1.5}
    moves = {"B": {"E": -0.5, "M": -0.9}, "E": {"B": -0.6, "S": -0.8}, "M": {"E": -0.3, "M": -1.3},
             "S": {"B": -0.7, "S": -0.7}}
    emit = {state: {c: round(-rng.uniform(3, 12), 4) for c in characters + list(RARE) if rng.random() < 0.85}
            for state in "BMES"}
    for name, table in (("start", start), ("trans", moves), ("emit", emit)):
        with open(f"{out}/finalseg/prob_{name}.py", "w", encoding="ascii") as file:
            file.write("P=" + ascii(table).replace("), ", "),\n") + "\n")
    jieba.setLogLevel(60)
    jieba.finalseg.start_P, jieba.finalseg.trans_P, jieba.finalseg.emit_P = start, moves, emit
    jieba.dt.cache_file = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"jieba-{os.getpid()}.cache")
    jieba.initialize(os.path.abspath(out + "/dictionary.txt"))
    os.remove(jieba.dt.cache_file)


def main():
    p = argparse.ArgumentParser()
    for name in ("longbench", "v2", "leval", "out"): p.add_argument("--" + name, required=True)
    p.add_argument("--count", type=int, default=240)
    options = p.parse_args()
    rng = random.Random(7)
    write_jieba(rng, options.out)
    bench = load(options.longbench, "metrics")
    choice = functions(options.v2, ["extract_answer"])["extract_answer"]
    em = load(options.leval + "/em.py", "em")
    names = ["process_output_mc", "process_gt_mc", "process_math", "process_output_code", "process_gt_judge",
             "process_output_judge", "process_gt_code"]
    leval = functions(options.leval + "/auto_eval.py", names)
    cases = {}

    def add(name, make, count=options.count):
        cases[name] = [make() for _ in range(count)]

    def pair(metric, make, alike):
        def one():
            answer = make(rng)
            found = alike(rng, answer) if rng.random() < 0.8 else make(rng)
            return [found, answer, metric(found, answer)]
        return one

    alike = lambda rng, text: near(rng, text, english)
    add("qa_f1", pair(bench.qa_f1_score, english, alike))
    add("rouge", pair(bench.rouge_score, lambda rng: english(rng, 40), alike))
    add("qa_f1_zh", pair(bench.qa_f1_zh_score, chinese, near_chinese))
    add("rouge_zh", pair(bench.rouge_zh_score, lambda rng: chinese(rng, 30), near_chinese))
    add("words", lambda: (lambda text: [text, jieba.lcut(text)])(chinese(rng, 20)))

    def classified():
        classes = rng.sample(["Reason", "Definition of something", "Definition", "Other location", "location", "city",
                              "Lasting time of something", "time", "新闻", "体育新闻", "Number of something", "a", "Other"],
                             rng.randint(2, 9))
        answer = rng.choice(classes)
        found = "".join(rng.choice(classes + ["", " Type: ", "\n", "Definitio"]) for _ in range(rng.randint(0, 5)))
        return [found, answer, classes, bench.classification_score(found, answer, all_classes=classes)]
    add("classification", classified)

    def counted():
        answer = str(rng.randint(1, 30))
        found = "".join(rng.choice([answer, " ", "Paragraph ", "段落", ", ", "7", "٧", "²", "12.", "x"])
                        for _ in range(rng.randint(0, 8)))
        return [found, answer, bench.count_score(found, answer)]
    add("count", counted)

    def retrieved(metric, word):
        def one():
            number = str(rng.randint(1, 30))
            answer = rng.choice(["", "x ", word]) + word + number + rng.choice(["", ".", " " + word + "3"])
            found = "".join(rng.choice([word + number, number, " ", word, "30", "٣", "?"]) for _ in range(rng.randint(0, 6)))
            return [found, answer, metric(found, answer)]
        return one
    add("retrieval", retrieved(bench.retrieval_score, "Paragraph "))
    add("retrieval_zh", retrieved(bench.retrieval_zh_score, "段落"))

    def coded(most):
        def one():
            answer = "".join(code(rng) for _ in range(most))
            line = "".join(c if rng.random() < 0.9 else rng.choice("xyz()") for c in answer)
            found = rng.choice(["", "\n\n", "# note\n", "```python\n", "// note\n"]) + line + rng.choice(["", "\n" + code(rng)])
            if rng.random() < 0.1: found = rng.choice(["", "# only", answer])
            first = next((l for l in found.lstrip("\n").split("\n") if "`" not in l and "#" not in l and "//" not in l), "")
            whole = len(first) + len(answer)
            other = (100 if first == answer else 0 if not first or not answer else
                     round(100 * ((whole - Indel.distance(first, answer)) / whole)))
            return [found, answer, bench.code_sim_score(found, answer), other / 100]
        return one
    add("code", coded(1))
    # Over 200 characters, where frequent ones begin no stretch.
    add("code_long", coded(9), 40)

    parts = ["The correct answer is ", "(A)", "B", "(C", "D)", "**", "*", "correct", "The correct answer is (", " ", "E", "\n"]
    add("choice", lambda: (lambda text: [text, choice(text)])("".join(rng.choice(parts) for _ in range(rng.randint(0, 8)))))

    def matched():
        kind = rng.random()
        if kind < 0.4:
            answer = "".join(sorted(rng.sample("ABCD", rng.randint(1, 3))))
            found = "".join(rng.choice("ABCDE. a") for _ in range(rng.randint(0, 4)))
        elif kind < 0.7:
            numbers = ["12", "12.0", " 12 ", "1_2", "1__2", "+12", "-12", "1.2e1", "1e999", "inf", "-Infinity", "nan", "٣", "1٢",
                       "0x0c", ".5", "5.", ".", "", "12\u00a0", "\x1c12", "12 apples", "the 12"]
            answer, found = rng.choice(numbers), rng.choice(numbers)
        else:
            answer = rng.choice(["true", "rope walk", "The Lane", "ΣΟΦΟΣ", "[1 2]", "café"])
            found = rng.choice(["", "\n", "x\n"]) + rng.choice(["rope walk", "A rope  walk.", "the lane", "σοφος", "σοφοσ", "cafe\u0301 café", answer])
        with contextlib.redirect_stdout(io.StringIO()):
            return [found, answer, em.exact_match_score(found, answer)]
    add("exact_match", matched)

    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    def rouged():
        answer = english(rng, 40)
        found = near(rng, answer, english) if rng.random() < 0.8 else english(rng, 40)
        score = scorer.score(answer, found)
        return [found, answer] + [score[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")]
    add("rouge_score", rouged)

    letters = ["A", "B", "C", "D", "E", "AB", "BD", " ", ".", ")", "\n", "Question", "the answer: ", "X) ", "C. ", "x"]
    def chosen():
        text = "".join(rng.choice(letters) for _ in range(rng.randint(0, 6)))
        result = [text]
        for file in ("coursera", "quality"):
            leval["args"].pred_file = file
            result.append(leval["process_output_mc"](text))
        return result + [leval["process_gt_mc"](text) if text.split() else None]
    add("options", chosen)

    pieces = ["The answer is ", "12", "1,234.50", "x", " ", "\n", "\n\n", "$7", "so", "²", "٣", "The answer is", ".", "-3"]
    add("number", lambda: (lambda text: [text, leval["process_math"](text)])("".join(rng.choice(pieces) for _ in range(rng.randint(0, 9)))))

    bits = ["[1", "2]", " ", ", ", "the final output", "of the code", "is", "will be", "3.0", "'x'", "\\n", "] [", "[ [", "] ]", "\n", "printed", "the value of"]
    def program():
        answer = "".join(rng.choice(bits) for _ in range(rng.randint(1, 5)))
        found = "".join(rng.choice(bits) for _ in range(rng.randint(0, 12)))
        return [found, answer, leval["process_output_code"](found, answer), leval["process_gt_code"](answer)]
    add("program", program)

    said = ["True", "false", "untrue.", " ", "It is", "[fact:", "\n", "FALSE", "]"]
    def judged():
        text = "".join(rng.choice(said) for _ in range(rng.randint(0, 4))) + "[fact:" + "".join(rng.choice(said) for _ in range(rng.randint(0, 4)))
        return [text, leval["process_output_judge"](text), leval["process_gt_judge"](text)]
    add("judgement", judged)

    for name, rows in cases.items():
        for row in rows:
            assert all(not isinstance(x, float) or math.isfinite(x) for x in row), (name, row)
    with open(options.out + "/scores.json", "w", encoding="utf-8") as file:
        file.write("{\n")
        for index, (name, rows) in enumerate(cases.items()):
            file.write(f' "{name}": [\n' + ",\n".join("  " + json.dumps(row) for row in rows) + "\n ]")
            file.write(",\n" if index + 1 < len(cases) else "\n")
        file.write("}\n")
    print({name: len(rows) for name, rows in cases.items()})


if __name__ == "__main__":
    main()
