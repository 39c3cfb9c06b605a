# ---- basics one
print("hello", 1, 2.5, None, True, [1,2], (1,), {'a':1})
def f(a, b=2, *args, c=3, **kw):
    return a, b, args, c, kw
print(f(1), f(1,2,3,4,c=5,d=6))
class A:
    x = 1
    def __init__(self, v): self.v = v
    def __repr__(self): return f"A({self.v!r})"
    def __add__(self, o): return A(self.v + o.v)
    @property
    def double(self): return self.v*2
    @staticmethod
    def s(x): return x+1
    @classmethod
    def c(cls, x): return cls(x)
class B(A):
    def __init__(self, v):
        super().__init__(v)
        self.w = 1
    def __eq__(self, o): return self.v == o.v
print(A(1)+A(2), A(3).double, A.s(1), B.c(5), B(1)==B(1), B(1) != B(2), isinstance(B(1), A))
def gen(n):
    for i in range(n):
        x = yield i
        if x: print('got', x)
    return 'done'
g = gen(3)
print(next(g), g.send('hi'), list(g))
def outer():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
i = outer(); print(i(), i())
print([x*y for x in range(3) for y in range(3) if x != y], {k: v for k, v in zip('abc', range(3))}, {x for x in [1,1,2]})
print([f() for f in [lambda: i for i in range(3)]])
try:
    1/0
except ZeroDivisionError as e:
    print('err', e)
else:
    print('no')
finally:
    print('fin')
with type('C', (), {'__enter__': lambda s: 5, '__exit__': lambda s, *a: True})() as z:
    print(z); raise ValueError('x')
print(f"{3.14159:.2f} {10:>5}|{'a':<4}|{1234567:,} {0.1+0.2} {1e20} {1e-7} {255:#x} {0.5:%}")
a, *b, c = range(6); print(a, b, c)
print("%s %d %.3f %r" % ("x", 3, 2.0, 'q'), "{} {x} {0!r:>5}".format('a', x=3) if False else '')
match (1, [2, 3]):
    case (1, [x, *r]) if x > 1: print('m', x, r)
print(sorted([3,1,2], key=lambda q: -q), sum([1,2,3]), max(1,5,2), any([0,1]), all([]))
for q in range(5):
    if q == 3: break
else: print('never')
while False: pass
else: print('else')
print(-7 // 2, -7 % 3, 7.5 // 2, 2**100, 2**-1, 1 << 70, True + 1, 5 / 2)
x = [1,2,3,4,5]; print(x[1:3], x[::-1], x[-1]); x[1:3] = [9]; del x[0]; print(x)
print('a,b,c'.split(','), ' x '.strip(), 'abc'.upper(), '-'.join(['a','b']), 'hello'[1:3])
assert True
def kw(*, a): return a
try: kw(1)
except TypeError as e: print(e)
try: f()
except TypeError as e: print(e)
try: undefined_name
except NameError as e: print(e)
try: (1).foo
except AttributeError as e: print(e)
try: [][0]
except IndexError as e: print(e)
try: {}['a']
except KeyError as e: print(repr(e), e)
print([*range(3), *'ab'], {**{'a':1}, 'b':2})
print(f(*[1,2], **{'c': 4}))
if (n := 10) > 5: print(n)
print(*[1,2,3], sep='-')
class M(dict):
    def __getattr__(self, k): return self[k]
m = M(a=1); print(m.a, m, len(m), 'a' in m)
print(round(2.5), round(3.5), round(2.675, 2), round(-0.5), divmod(7,2), abs(-3), int('42'), float('1e3'), str(1.0), bool([]))
print(0.1, 1/3, 1e16, 1e15, 123456789.123, float('inf'), -0.0, 1e-5, 0.0001)

# ---- library and objects
import math, functools, itertools, collections, dataclasses, enum, typing, copy, json, re, random, contextlib, os, sys, logging, warnings, operator, types, string
from typing import Optional, List, NamedTuple
from dataclasses import dataclass, field
from collections import OrderedDict, defaultdict, namedtuple, Counter, deque
from enum import Enum, IntEnum, auto
print(math.sqrt(2), math.pi, math.floor(2.7), math.ceil(2.1), math.log(10), math.prod([1,2,3]))
@dataclass
class C:
    a: int
    b: Optional[List[int]] = None
    c: list = field(default_factory=list)
    def total(self): return self.a + len(self.c)
print(C(1), C(1, c=[2]).total(), C(1) == C(1), dataclasses.asdict(C(3)))
class Color(Enum):
    RED = 1
    BLUE = auto()
    @property
    def low(self): return self.name.lower()
print(Color.RED, Color(2), Color['RED'].low, [c.value for c in Color], Color.RED == Color.RED, Color.RED is Color(1), repr(Color.RED))
class N(IntEnum):
    A = 1
    B = 2
print(N.A + 1, N.B > N.A, [1,2,3][N.A])
P = namedtuple('P', 'x y'); p = P(1, y=2); print(p, p.x, p[1], p._replace(x=5))
class Q(NamedTuple):
    a: int
    b: str = 'z'
print(Q(1), Q(1, 'c').b)
d = defaultdict(list); d['a'].append(1); print(d, Counter('hello').most_common(2))
o = OrderedDict([('a', 1), ('b', 2)]); o.move_to_end('a'); print(o, list(o.items()))
print(functools.reduce(lambda a, b: a + b, [1,2,3]), functools.partial(max, 5)(3, 9))
@functools.lru_cache(None)
def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)
print(fib(40))
@contextlib.contextmanager
def cm(x):
    print('in', x)
    try:
        yield x * 2
    finally:
        print('out')
with cm(2) as v: print(v)
try:
    with cm(3): raise ValueError('boo')
except ValueError as e: print('caught', e)
@functools.wraps(fib)
def w(*a): return fib(*a)
print(w.__name__)
print(list(itertools.chain([1], [2, 3])), list(itertools.product('ab', repeat=2)), list(itertools.islice(itertools.count(), 2, 8, 2)))
random.seed(42); print(random.random(), random.randint(1, 100), random.sample(range(100), 5)); x = list(range(10)); random.shuffle(x); print(x, random.gauss(0, 1), random.uniform(1, 2), random.choice('abc'))
print(json.dumps({'a': [1, 2.5, None, True], 'b': 'é'}), json.loads('{"x": [1, 2.0, "s"]}'))
print(re.match(r'^mlp(\d+)x_gelu$', 'mlp2x_gelu').group(1), re.sub(r'(\w)\.', r'\1!', 'a.b.'), re.findall(r'\d+', 'a1b22'))
print(os.path.join('a', 'b'), os.path.basename('/x/y.z'), copy.deepcopy({'a': [1, [2]]}))
class Base:
    def __init_subclass__(cls, **kw):
        super().__init_subclass__()
        cls.tag = kw.get('tag')
class D(Base, tag=3): pass
print(D.tag)
class Desc:
    def __set_name__(self, o, n): self.n = n
    def __get__(self, i, o=None): return self if i is None else i.__dict__.get(self.n, 'unset')
    def __set__(self, i, v): i.__dict__[self.n] = v * 2
class E: x = Desc()
e = E(); print(e.x); e.x = 4; print(e.x)
class It:
    def __init__(self): self.i = 0
    def __iter__(self): return self
    def __next__(self):
        self.i += 1
        if self.i > 3: raise StopIteration
        return self.i
print(list(It()), sum(It()), [*It()], max(It()))
class S(str): pass
print(S('ab').upper(), S('ab') + 'c', len(S('abc')), isinstance(S('x'), str), {S('k'): 1}['k'])
class I(int):
    def __add__(self, o): return 'plus'
print(I(3) + 1, I(3) * 2, range(10)[I(2)])
class L(list):
    def first(self): return self[0]
l = L([3, 4]); l.append(5); print(l, l.first(), len(l))
def g():
    try:
        yield 1
        yield 2
    finally:
        print('cleanup')
h = g(); next(h); h.close()
def sub():
    r = yield from inner(); print('r', r)
def inner():
    yield 1
    return 7
print(list(sub()))
class X:
    a = 1
    b = [v for v in range(a)]
    def __class_getitem__(cls, k): return k
print(X.b, X[3])
try:
    try: raise KeyError('k')
    except KeyError as e: raise ValueError('v') from e
except ValueError as e: print(repr(e), repr(e.__cause__))
print(sorted({'b': 1, 'a': 2}.items(), key=operator.itemgetter(1)), isinstance(3, (int, str)), isinstance(3, int | str))
print('%5.2f|%-5s|%05d|%x' % (3.14159, 'ab', 42, 255), '{:>8.3f}|{:^7}|{:+d}'.format(2.5, 'mid', 3), f'{"x":*^5}{3:03d}{1e6:g}{0.00001:g}{123.456:.3g}{12:e}')
print(str([1.0, 'a', None]), repr('it\'s'), 'a\tb', bytes([1, 65]), b'abc'[1])
print(list(zip([1,2],[3,4])), dict(zip('ab', [1,2])), list(map(lambda x, y: x+y, [1], [2])), list(filter(None, [0, 1])), list(reversed([1,2,3])), list(enumerate('ab', 1)))
def deco(n):
    def wrap(f):
        @functools.wraps(f)
        def inner(*a, **k): return f(*a, **k) * n
        return inner
    return wrap
@deco(3)
def three(x): return x
print(three(2), three.__name__)
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4))
print([i for i in range(10) if i % 2 if i > 3], [[j for j in range(i)] for i in range(3)])
a = b = []; a.append(1); print(b, a is b, a == [1])
print(1 < 2 < 3, 1 < 3 < 2, not 0, None or 'x', 0 and 1, 1 if [] else 2)
x = 5
def scope():
    global x
    x = 6
scope(); print(x)
print({1, 2} | {3}, {1, 2} & {2}, {1: 'a'} | {2: 'b'}, frozenset([1]) == {1}, {1, 2} <= {1, 2, 3})
print('abc'.center(9, '-'), 'a b  c'.split(), 'x=1'.partition('='), 'Hello World'.title(), 'abc'.find('c'), 'a-b-c'.rsplit('-', 1), 'aaa'.replace('a', 'b', 2), 'abc'.isalpha(), '12'.isdigit(), 'A'.lower(), 'tEst'.capitalize(), 'ab\ncd'.splitlines(), 'abc'[::-1], 'x'.join('abc'), 'abc' in 'xabcx', 'z'.zfill(3), ord('a'), chr(98))
print(type(1), type('a').__name__, C.__name__, type(C(1)), callable(len), hasattr(C, 'a'), getattr(C(1), 'zz', 'dflt'))
print(round(1234.5678, 2), round(-2.5), int(-3.7), 7 // -2, -7 % 5, 2 ** 0.5, 10 ** 20, 1e300 * 1e10, float('nan') != float('nan'), 3 == 3.0, hash(1) == hash(1.0))
print(hex(255), bin(5), oct(8), int('ff', 16), int('0b11', 0), 0xff, 1_000)
while True:
    try: break
    finally: print('fin')
def tf():
    try: return 'try'
    finally: print('finally')
print(tf())
def nested():
    for i in range(3):
        for j in range(3):
            if j == 1: continue
            if i == 2: return (i, j)
print(nested())
*a, = range(3); print(a); (a, b), c = (1, 2), 3; print(a, b, c); [a, *b] = 'xyz'; print(a, b)
print(max([1, 5, 3], key=lambda v: -v), min('b', 'a'), sum([[1], [2]], []), abs(-2.5), pow(2, 10), pow(2, 10, 7), divmod(-7, 2))
class Meta1:
    __slots__ = ('a',)
    def __init__(self): self.a = 1
    def __enter__(self): return self
    def __exit__(self, t, v, tb): print('exit', t.__name__ if t else None, v); return True
with Meta1() as m: raise RuntimeError('in with')
def kwonly(a, *, b=2, **kw): return a, b, kw
print(kwonly(1, b=3, c=4)); 
def f2(pos, /, both, *, kw): return pos, both, kw
print(f2(1, both=2, kw=3))
for err in ('f2(1, 2, 3)', ):
    try: f2(1, 2, 3)
    except TypeError as e: print(e)
try: f2(1, 2)
except TypeError as e: print(e)
print(X().__class__.__name__, isinstance(True, int), issubclass(bool, int), bool('False'))
del a
try: print(a)
except NameError as e: print(e)
print([x for x in 'abc' if (y := x) != 'b'], y)
print(f"{'nested ' + f'{1+1}'} {x!r:>4} {x=} {[1,2]!s}")
match {'k': 1, 'z': 2}:
    case {'k': v, **rest}: print('map', v, rest)
match C(5):
    case C(a=5, b=None): print('cls')
match 'q':
    case 'a' | 'q' as got: print(got)
assert isinstance(Color.RED, Color)
print(type(lambda: 0), (1, 2) + (3,), [0] * 3, 'ab' * 2, (1, 2) < (1, 3), [1, 2] == [1, 2], (1,) == [1])
# ---- integers beyond 2**53
print(2**53 + 1, 9007199254740993 * 3, (2**64) % 1000, -(2**70) // 7, 2**63 >> 3, 0xFFFFFFFFFFFFFFFF & 12345678901234567890)
print(int(1e18), int(-1e20), float(2**60), 2**53 == 2.0**53, 10**30 // 10**28, -5 ** 2, (-5) ** 2, 7 ^ 3, ~7, ~(2**60))
print(sum([2**53, 1, 1]), max(2**60, 1.5e18), abs(-2**65), round(2**60 / 3), (123456789 * 987654321) % 1000000007, -1 % 2**64)
print(hash(5), 5 .bit_length(), (2**70).bit_length(), int.from_bytes if False else 0, True + True, True & False, True | 2)
# ---- float text
for x in [0.1, 1e22, 1e21, 123456789012345680.0, 1e16, 9999999999999998.0, 1.5e-5, 0.0001, 0.00001234, 5e-324, 1.7976931348623157e308, -0.0, 100.0, 1/3, 2.0**0.5]:
    print(x, repr(x), str(-x), f"{x:.3e}", f"{x:.4g}", f"{x:10.2f}|" if abs(x) < 1e10 else "")
# ---- format specifications
print(f"{42:5d}|{42:<5}|{42:^5}|{42:>5}|{42:05d}|{-42:+d}|{42: d}|{42:x}|{42:#b}|{42:,}|{1234567.891:,.2f}|{0.256:.1%}|{3.0:g}|{'abc':.2}|{'a':-^7}|{True:d}")
print("{:>{w}.{p}f}".format(3.14159, w=10, p=2), "{0[1]} {1.real}".format([1, 2], 5), "{a[k]}".format(a={'k': 3}), "{{}}", "{!r}".format('x'))
print("%-10s|%+.2e|%o|%c|%%|%(k)s" % {'k': 1} if False else "%-10s|%+.2e|%o|%c|%%" % ('ab', 12345.678, 8, 'z'), "%(a)d-%(b)s" % {'a': 1, 'b': 2}, "%5.1f%%" % 99.55, "%s" % (1,), "%s" % [1, 2])
w = 7
print(f"{'x':>{w}}{w!r:<{w}}|{w=}|{w = }|{w=:>4}|{'q'!s}|{[i for i in range(3)]}|{ {'a': 1}['a'] }|{lambda_ if (lambda_ := 3) else 0}")
print(f'{1}' '{2}' f"{'nested'}" r'\n' "\x41\u00e9\t|" 'a\
b', '''multi
line''', f"""{
    1 + 1
}""")
# ---- string methods
s = "Hello, World"
print(s.lower(), s.upper(), s.swapcase(), s.find('o'), s.rfind('o'), s.index('W'), s.count('l'), s.startswith(('He', 'x')), s.endswith('ld', 3), s.replace('l', 'L', 2))
print('a,b,,c'.split(','), ' a  b '.split(), 'a-b-c'.split('-', 1), 'a-b-c'.rsplit('-', 1), 'abc'.split('x'), ''.split(), ''.split(','), 'a b c'.split(None, 1), '  a b  '.split(None, 1))
print('xxabcxx'.strip('x'), '  a '.lstrip() + '|', ' a  '.rstrip() + '|', 'abc'.ljust(5, '.'), 'abc'.rjust(5), 'ab'.center(5, '*'), '-5'.zfill(4), 'a\tb'.expandtabs(4), 'prefix_x'.removeprefix('prefix_'), 'x.py'.removesuffix('.py'))
print('abc'.isalpha(), 'ab1'.isalnum(), ' '.isspace(), 'Ab'.istitle(), 'a_b'.isidentifier(), '١'.isdigit(), 'ABC'.isupper(), ''.isalpha())
print('héllo'.encode(), 'héllo'.encode().decode(), len('😀a'), '😀ab'[1], '😀ab'[::-1], [c for c in 'a😀'], 'x'.join(map(str, [1, 2])), 'ab' < 'b', 'Z' < 'a', min('hello'), sorted('hello'), 'e' in 'hello', 'abc' * 0, 'b'.__len__())
print('a\nb\r\nc\n'.splitlines(), 'a\nb\n'.splitlines(True), 'one two'.title(), 'a.b.c'.partition('.'), 'a.b.c'.rpartition('.'), 'abc'.translate({97: 'X', 98: None}), 'hello'.capitalize())
# ---- lists
a = [3, 1, 2]; b = a; b.append(4); print(a, a is b, a == [3, 1, 2, 4], a + [9], a * 2, 2 * a, len(a), a[-2:], a[::2], a[5:], a[-10:2])
a.sort(); print(a); a.sort(reverse=True); print(a); a.insert(1, 'x'); a.remove('x'); a.extend(range(2)); print(a, a.pop(), a.pop(0), a.index(2), a.count(1))
a[1:2] = [7, 8, 9]; print(a); a[::2] = [0] * len(a[::2]); print(a); del a[1:3]; print(a); a.reverse(); print(a); a.clear(); print(a, not a)
try: [1, 2][5]
except IndexError as e: print(e)
try: [].pop()
except IndexError as e: print(e)
try: [1].remove(3)
except ValueError as e: print(e)
try: [1, 2, 3][::0]
except ValueError as e: print(e)
try: x = [1, 2, 3, 4]; x[::2] = [1]
except ValueError as e: print(e)
try: [1]['a']
except TypeError as e: print(e)
print([1, [2, 3]] == [1, [2, 3]], [1, 2] < [1, 3], [1] < [1, 0], [[0] * 2 for _ in range(2)], [*range(3), *[5]], list('abc'), list({'a': 1}), [1, 2, 3].__contains__(2))
m = [[0] * 2] * 2; m[0][0] = 1; print(m); c = a[:] = [1, 2]; print(a, c)
x = [1, 2, 3]
for i in x:
    if i == 1: x.append(9)
print(x, sorted(['bb', 'a', 'ccc'], key=len), sorted([(1, 'b'), (1, 'a'), (0, 'c')], key=lambda t: t[0]), max([], default=5), min([3, 1], [2, 9]))
# ---- dictionaries
d = {'a': 1, 2: 'b', (1, 2): [3], None: None, 1.0: 'one', True: 'true'}
print(d, len(d), d['a'], d[1], d.get('zz'), d.get('zz', 0), 'a' in d, 3 in d, list(d.keys()), list(d.values())[:2], list(d.items())[0])
d.update({'n': 1}, m=2); d.pop('a'); d.setdefault('k', []).append(1); del d[2]; print(d, d.pop('zzz', 'no'), d.popitem())
try: d['missing']
except KeyError as e: print(repr(e))
try: {[1]: 2}
except TypeError as e: print(e)
print({**{'a': 1}, 'b': 2}, dict(a=1), dict([('a', 1)]), dict.fromkeys('ab', 0), {k: v for k, v in [(1, 2)]}, {'a': 1} == {'a': 1.0}, {'a': 1} | {'a': 2})
try:
    for k in d: d[k + str(1) if isinstance(k, str) else 'q'] = 1
except RuntimeError as e: print(e)
for i, (k, v) in enumerate({'x': 1, 'y': 2}.items()): print(i, k, v)
print(list(reversed({'a': 1, 'b': 2})), {'a': 1}.keys() & {'a', 'b'}, sorted({'b': 1, 'a': 2}), {'__proto__': 1, 'constructor': 2}['__proto__'], {}.get('toString'), 'hasOwnProperty' in {})
# ---- sets
s = {1, 2, 3}; print(s | {4}, s & {1, 5}, s - {1}, s ^ {1, 9}, 1 in s, len(s), s <= {1, 2, 3, 4}, s < s, s.issubset([1, 2, 3]), s.isdisjoint([7]))
s.add(4); s.discard(99); s.remove(1); print(s, frozenset([1, 2]), {frozenset([1]): 'x'}[frozenset([1])], set('aab') == {'a', 'b'}, s.union([7], [8]), set(), s.copy() is s)
try: s.remove(99)
except KeyError as e: print(e)
s |= {10}; s -= {2}; print(s, {(1, 2), (1, 2)}, {1, 1.0, True})
# ---- tuples and unpacking
t = 1, 2, 3; a, b, c = t; print(t, a, b, c, t[1:], t + (4,), t * 2, (1,), (), 2 in t, t.index(3), t.count(1), hash((1, 2)) == hash((1, 2)))
a, *b = t; print(a, b); *a, b = t; print(a, b); a, (b, *c), d = 1, (2, 3, 4), 5; print(a, b, c, d); (a), [b] = 1, [2]; print(a, b); a, b = b, a; print(a, b)
for bad in [(1, 2), (1, 2, 3, 4)]:
    try: x, y, z = bad
    except ValueError as e: print(e)
try: x, y = 5
except TypeError as e: print(e)
try: t[0] = 1
except TypeError as e: print(e)
first, *_, last = 'hello'; print(first, last, _); x = y = z = 0; print(x, y, z); i = 0; arr = [0, 0]; i, arr[i] = 1, 5; print(i, arr)
def star(*a, **k): return a, k
print(star(*[1], *(2,), **{'a': 1}, **dict(b=2)), star(*'ab', c=3), [*[], *{}], (*[1], 2))
# ---- functions
def f(a, b=[], *args, c, d=4, **kw):
    b.append(a)
    return a, list(b), args, c, d, kw
print(f(1, c=3)); print(f(2, c=3)); print(f(1, [], 5, 6, c=7, z=8))
for call in (lambda: f(), lambda: f(1), lambda: f(1, c=1, a=2), lambda: (lambda x: x)(1, 2), lambda: (lambda: 0)(z=1), lambda: (lambda x, /: x)(x=1), lambda: (lambda *, k: k)(1)):
    try: call()
    except TypeError as e: print(e)
def outer(x):
    def middle():
        def inner():
            nonlocal x
            x += 1
            return x
        return inner
    return middle()
g = outer(10); print(g(), g(), outer(1)())
fs = [lambda i=i: i for i in range(3)]; print([h() for h in fs]); fs = [lambda: i for i in range(3)]; print([h() for h in fs])
def rec(n): return 1 if n == 0 else n * rec(n - 1)
print(rec(20), (lambda n: n * 2)(4), f.__name__, rec.__qualname__, outer.__defaults__, callable(f), f.__module__)
def gen_default(x=(yield_ := 5)): return x
print(gen_default(), yield_); f.attr = 3; print(f.attr, hasattr(f, 'nope'))
def early():
    for i in range(5):
        if i == 2: return i
    return None
print(early(), (lambda: None)(), print.__name__)
# ---- closures over loops and comprehensions
def build():
    out = []
    for i in range(3):
        def fn(x, k=i): return x + k + i
        out.append(fn)
    return out
print([fn(10) for fn in build()], [[(i, j) for j in range(i)] for i in range(3)], [x for x in range(5) if x % 2 == 0 if x > 0], {x: x**2 for x in range(3)}, {x % 2 for x in range(5)})
x = 'outer'; print([x for x in range(2)], x); print(list((i, j) for i in range(2) for j in range(2))); y = 2; print([y * k for k in range(3)])
def scope():
    z = 3
    return [z + k for k in range(2)], [(lambda: z + k)() for k in range(2)], list(map(lambda q: q + z, [1]))
print(scope(), sum(i * i for i in range(4)), any(i > 2 for i in range(4)), max((i for i in [1, 3, 2]), default=0), [a for a, *b in [(1, 2), (3, 4)]])
class K:
    n = 3
    vals = [i for i in range(n)]
    dbl = {k: v for k, v in zip(range(n), 'abc')}
print(K.vals, K.dbl, [(lambda: j)() for j in range(2)], [i for i in range(3) for i in range(i)])
# ---- generators
def count(n):
    print('start')
    try:
        while n: 
            got = yield n
            if got: n = got
            n -= 1
    finally: print('end')
    return 'ret'
g = count(3); print(next(g), next(g)); print(g.send(5)); print(list(g)); print(next(g, 'default'))
def delegating():
    result = yield from count(1)
    print('result', result)
    yield from [7, 8]
print(list(delegating()))
def catching():
    try: yield 1
    except ValueError as e: yield f'caught {e}'
g = catching(); next(g); print(g.throw(ValueError('v'))); 
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
import itertools
print(list(itertools.islice(fib(), 10)), [x for _, x in zip(range(3), fib())], dict(zip('ab', fib())))
def with_in():
    for i in range(3):
        with Ctx(): 
            if i == 1: continue
            yield i
class Ctx:
    def __enter__(self): print('in'); return self
    def __exit__(self, *a): print('out')
print(list(with_in())); e = (i for i in [1, 2]); print(next(e), next(e), next(e, None)); print(type(e).__name__, type(fib()).__name__)
try: next(iter([]))
except StopIteration as e: print('stop', e.args)
def nested():
    def inner(): yield 1
    yield from inner()
    x = yield
    print('x', x)
n = nested(); print(next(n), next(n)); 
try: n.send('hey')
except StopIteration: print('done')
# ---- exceptions
def risky(kind):
    try:
        if kind == 0: return 'ok'
        if kind == 1: raise ValueError('one')
        if kind == 2: {}['k']
        if kind == 3: raise KeyError
        if kind == 4: raise MyError('four', 4)
        if kind == 5: assert False, 'five'
        if kind == 6: 1 / 0
    except (KeyError, IndexError) as e: return f'lookup {e!r}'
    except ValueError as e: return f'value {e}'
    except MyError as e: return e.args, e.code, str(e)
    except AssertionError as e: return f'assert {e}'
    except Exception as e: return type(e).__name__, isinstance(e, ArithmeticError)
    else: return 'else'
    finally: print('finally', kind)
class MyError(Exception):
    def __init__(self, msg, code): super().__init__(msg, code); self.code = code
print([risky(i) for i in range(8)])
try:
    try: raise TypeError('a')
    except TypeError as e: raise RuntimeError('b') from e
except RuntimeError as e: print(e, repr(e.__cause__))
try:
    try: 1 / 0
    finally: print('cleanup')
except ZeroDivisionError: print('caught')
def reraise():
    try: raise ValueError('again')
    except ValueError: raise
try: reraise()
except ValueError as e: print(e)
def swallow():
    for i in range(3):
        try: continue
        finally: print('f', i)
    while True:
        try: break
        finally: print('g')
    try: raise ValueError
    except ValueError: return 1
    finally: print('h')
print(swallow()); print(issubclass(KeyError, LookupError), ValueError('x', 1).args, str(ValueError()), repr(ValueError('q')), str(KeyError('z')), Exception('a') == Exception('a'))
try: raise ValueError
except: print('bare')
try: raise 5
except TypeError as e: print(e)
class E2(ValueError): pass
try: raise E2('sub')
except ValueError as e: print(type(e).__name__, e)
try: print(undefined)
except NameError as e: print(e)
def unbound():
    try: print(loc); loc = 1
    except UnboundLocalError as e: print('unbound')
unbound()
try: None.foo
except AttributeError as e: print(e)
try: None + 1
except TypeError as e: print(e)
try: 'a' + 1
except TypeError as e: print(type(e).__name__)
try: len(5)
except TypeError as e: print(e)
try: int('x')
except ValueError as e: print(e)
try: float('x')
except ValueError as e: print(e)
try: [] < 5
except TypeError as e: print(e)
try: (5)()
except TypeError as e: print(e)
try: raise StopIteration(3)
except StopIteration as e: print(e.value)
# ---- classes
class A:
    count = 0
    def __init__(self, x): self.x = x; A.count += 1
    def who(self): return 'A'
    def call(self): return self.who()
    def __repr__(self): return f'{type(self).__name__}({self.x})'
class B(A):
    def who(self): return 'B' + super().who()
class C(A):
    def who(self): return 'C' + super().who()
class D(B, C):
    def who(self): return 'D' + super().who()
print(D(1).call(), [k.__name__ for k in D.__mro__], A.count, D(2), isinstance(D(3), C), issubclass(D, (int, A)), D.count, D.__bases__ == (B, C), D.__name__)
try:
    class Bad(A, D): pass
except TypeError as e: print('mro')
class P:
    def __init__(self): self._v = 1
    @property
    def v(self): return self._v
    @v.setter
    def v(self, n): self._v = n * 10
    @v.deleter
    def v(self): print('del')
    @classmethod
    def make(cls, *a): return cls.__name__, a
    @staticmethod
    def st(x): return x
p = P(); p.v = 5; print(p.v, P.make(1), p.make(2), p.st(3), P.st(4)); del p.v
try: B(1).v
except AttributeError as e: print(e)
class RO:
    @property
    def x(self): return 1
try: RO().x = 2
except AttributeError as e: print('readonly')
class Dyn:
    def __getattr__(self, n):
        if n.startswith('a'): return n * 2
        raise AttributeError(n)
    def __setattr__(self, n, v): object.__setattr__(self, n, v + 1)
    def __delattr__(self, n): print('del', n); object.__delattr__(self, n)
y = Dyn(); y.k = 1; print(y.abc, y.k, hasattr(y, 'zzz'), getattr(y, 'q', 'dflt'), y.__dict__); del y.k; print(y.__dict__, vars(y))
class New:
    def __new__(cls, v):
        o = super().__new__(cls); o.tag = 'new'; return o
    def __init__(self, v): self.v = v
print(New(3).tag, New(3).v, type(New(1)) is New, A.who(A(1)), A.who is A.who)
class Sing:
    _i = None
    def __new__(cls):
        if cls._i is None: cls._i = object.__new__(cls)
        return cls._i
print(Sing() is Sing(), type('Dynamic', (A,), {'z': 5})(1).z, getattr(A, 'count'), setattr(A, 'w', 3), A(0).w, A.__dict__['w'])
obj = A.__new__(A); print(hasattr(obj, 'x')); obj.x = 1; print(obj.__class__.__name__, obj == obj, obj != A(1))
print(hasattr(A, '__proto__'), hasattr(A(1), 'constructor'), getattr(A(1), 'toString', None), type(A).__name__)
class Inner:
    class Deep:
        z = 1
        def m(self): return __class__.__name__ if False else self.__class__.__qualname__
print(Inner.Deep().m(), Inner.Deep.z)
# ---- operators of classes
class V:
    def __init__(self, *v): self.v = v
    def __add__(self, o): return V(*(a + b for a, b in zip(self.v, o.v))) if isinstance(o, V) else NotImplemented
    def __radd__(self, o): return ('radd', o)
    def __mul__(self, k): return V(*(a * k for a in self.v))
    __rmul__ = __mul__
    def __iadd__(self, o): self.v = self.v + (o,); return self
    def __neg__(self): return V(*(-a for a in self.v))
    def __pos__(self): return 'pos'
    def __invert__(self): return 'inv'
    def __abs__(self): return sum(self.v)
    def __eq__(self, o): return isinstance(o, V) and self.v == o.v
    def __hash__(self): return hash(self.v)
    def __lt__(self, o): return self.v < o.v
    def __le__(self, o): return self.v <= o.v
    def __len__(self): return len(self.v)
    def __getitem__(self, i): return self.v[i]
    def __contains__(self, x): return x in self.v
    def __bool__(self): return any(self.v)
    def __call__(self, *a): return a
    def __iter__(self): return iter(self.v)
    def __repr__(self): return f'V{self.v}'
    def __str__(self): return 'str'
    def __format__(self, s): return f'fmt<{s}>'
    def __matmul__(self, o): return 'mm'
    def __floordiv__(self, o): return 'fd'
    def __mod__(self, o): return 'mod'
    def __pow__(self, o): return 'pow'
    def __truediv__(self, o): return 'td'
    def __rtruediv__(self, o): return 'rtd'
    def __and__(self, o): return 'and'
    def __or__(self, o): return 'or'
    def __xor__(self, o): return 'xor'
    def __lshift__(self, o): return 'ls'
    def __index__(self): return 2
    def __int__(self): return 7
    def __float__(self): return 1.5
    def __round__(self, n=None): return ('round', n)
    def __reversed__(self): return iter('rev')
a, b = V(1, 2), V(3, 4)
print(a + b, 5 + a, a * 3, 3 * a, -a, +a, ~a, abs(a), a == V(1, 2), a != b, a < b, a > b, a >= b, len(a), a[0], a[-1], 2 in a, bool(V(0, 0)), a(1, 2), list(a), str(a), f'{a}', f'{a:x}', f'{a!r}')
print(a @ b, a // b, a % b, a ** b, a / b, 1 / a, a & b, a | b, a ^ b, a << b, [10, 20, 30][a], int(a), float(a), round(a), round(a, 2), list(reversed(a)), {a: 1}[V(1, 2)], max(a, b), sorted([b, a]), range(5)[a], 'abc'[a])
a += 9; print(a, sum(a), [*a], (lambda x, y, z: x)(*a)); x, y, z = a; print(x, y, z)
try: a + 5
except TypeError as e: print(e)
class S:
    def __getitem__(self, k): return k
    def __setitem__(self, k, v): print('set', k, v)
    def __delitem__(self, k): print('del', k)
s = S(); print(s[1:2], s[::3], s[..., None, 1], s[1, 2:3]); s[0] = 1; s['a', 1] = 2; del s[3:4]; s[0] += 'x' if False else 1
class G:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
print(list(G()), 20 in G(), list(zip(G(), 'ab')))
# ---- with statements
class M:
    def __init__(self, n, swallow=False): self.n, self.s = n, swallow
    def __enter__(self): print('enter', self.n); return self.n
    def __exit__(self, t, v, tb): print('exit', self.n, t and t.__name__, v); return self.s
with M(1) as a, M(2) as b: print(a, b)
with (M(3) as c, M(4)): print(c)
with M(5, True): raise ValueError('gone')
try:
    with M(6): raise KeyError('kept')
except KeyError as e: print('after', e)
def ret():
    with M(7): return 'value'
print(ret())
for i in range(2):
    with M(i):
        if i == 0: continue
        break
from contextlib import contextmanager, suppress, nullcontext, ExitStack
@contextmanager
def cm(x):
    print('pre', x)
    try: yield x + 1
    except ValueError as e: print('handled', e)
    finally: print('post')
with cm(1) as v: print(v)
with cm(2): raise ValueError('inside')
with suppress(ZeroDivisionError): 1 / 0
with nullcontext(5) as n: print(n)
with ExitStack() as st:
    print(st.enter_context(M('s1')), st.enter_context(cm(9)))
@cm(100)
def decorated(): print('body'); return 3
print(decorated())
# ---- match statements
def m(x):
    match x:
        case 0 | 1: return 'small'
        case -1: return 'neg'
        case int(n) if n > 100: return f'big {n}'
        case float(): return 'float'
        case 'a' | 'b' as s: return s * 2
        case [] | (): return 'empty'
        case [x]: return f'one {x}'
        case [1, *rest, 9]: return rest
        case [[a, b], c]: return a, b, c
        case (a, b): return 'pair', a, b
        case {'type': 'p', 'v': v, **rest}: return v, rest
        case {'k': [x, *_]}: return x
        case {}: return 'dict'
        case Pt(x=0, y=yy): return 'yaxis', yy
        case Pt(xx, yy): return xx, yy
        case Color.RED: return 'red'
        case None: return 'none'
        case True: return 'T'
        case str(): return 'str'
        case _: return 'other'
class Pt:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
class Color: RED = 'r!'
print([m(v) for v in (0, 1, -1, 500, 50, 1.5, 'a', 'zz', [], (), [7], [1, 2, 3, 9], [[1, 2], 3], (5, 6), {'type': 'p', 'v': 1, 'w': 2}, {'k': [4, 5]}, {'q': 1}, Pt(0, 3), Pt(1, 2), 'r!', None, [1, 2, 3], set())])
match 5:
    case x if x < 3: print('no')
    case x: print('bound', x)
match 1, 2:
    case 1, y: print(y)
# ---- control flow
for i in range(3):
    for j in range(3):
        if j == 1: break
        print(i, j)
    else: print('never')
else: print('for else')
i = 0
while i < 5:
    i += 1
    if i == 2: continue
    if i == 4: break
    print(i)
else: print('no else')
while i > 0: i -= 1
else: print('while else', i)
x = 5 if i else 6; print(x, 1 if x > 5 else 2 if x == 5 else 3, not x, x and 'y', x or 'z', None or 0 or 'last', 1 and 2 and 3, 1 < x <= 6 != 7, x == 6 is True if False else 'c')
for k, in [(1,), (2,)]: print(k)
for a, (b, c) in [(1, (2, 3))]: print(a, b, c)
for d['k'] in range(2) if (d := {}) is not None else []: pass
print(d); del x
try: x
except NameError: print('deleted')
if (n := len('abc')) > 2: print(n)
pass; ...; 'docstring'; None
print([y := 1, y ** 2], (z := 5) + z, *(), sep='|'); assert 1, 'never'
for _ in (): pass
else: print('empty')
# ---- globals and imports
import math as m, os.path
from math import sqrt as root, pi
from collections import *
import collections.abc as cabc
g = 1
def setg():
    global g, new
    g += 1; new = 'n'
setg(); print(g, new, m.floor(2.5), root(16), round(pi, 4), os.path.join('a', 'b'), isinstance([], cabc.Sequence), isinstance({}, cabc.Mapping), isinstance(iter([]), cabc.Iterator), callable(m.sin))
try: import nonexistent_module_xyz
except ImportError as e: print('import', type(e).__name__)
try: from math import nothing
except ImportError as e: print('from', e)
def local_import():
    from functools import reduce
    import itertools as it
    return reduce(lambda a, b: a * b, it.chain([1, 2], [3]))
print(local_import(), __name__, 'g' in globals(), locals() is not None)
def loc(a): b = 2; return sorted(locals())
print(loc(1))
# ---- dataclasses
from dataclasses import dataclass, field, fields, replace, asdict, astuple, is_dataclass, KW_ONLY, InitVar
from typing import ClassVar, Optional
@dataclass
class Base:
    x: int
    y: float = 2.0
    tags: list = field(default_factory=list, repr=False)
    shared: ClassVar[int] = 7
    def __post_init__(self): self.z = self.x + self.y
@dataclass
class Child(Base):
    w: Optional[str] = None
    y: float = 3.0
    def hello(self): return self.w
print(Base(1), Child(1, w='q'), Child(1, 2), Base(1) == Base(1), Base(1) != Base(2), Base(1).z, Base(1).tags is Base(1).tags, [f.name for f in fields(Child)], replace(Base(1), x=5), asdict(Child(1)), astuple(Base(4)), is_dataclass(Base))
@dataclass(frozen=True, order=True)
class F:
    a: int
    b: int = 0
print(F(1) < F(2), sorted([F(3), F(1, 2)]), {F(1): 'h'}[F(1)])
try: F(1).a = 2
except Exception as e: print(type(e).__name__ in ('FrozenInstanceError', 'AttributeError'), e)
for bad in (lambda: Base(), lambda: Base(1, 2, 3, 4), lambda: Base(1, q=2)):
    try: bad()
    except TypeError as e: print(type(e).__name__)
@dataclass
class I:
    a: int
    init: InitVar[int] = 3
    def __post_init__(self, init): self.a += init
print(I(1), I(1, 10).a)
@dataclass(eq=False, repr=False)
class N: v: int = 1
print(N() == N(), N().v)
@dataclass
class KW:
    a: int
    _: KW_ONLY
    b: int = 2
print(KW(1, b=5))
# ---- enums and named tuples
from enum import Enum, IntEnum, auto, unique
from collections import namedtuple, OrderedDict, defaultdict, Counter, deque
from typing import NamedTuple
@unique
class Mode(Enum):
    A = 'a'; B = 'b'; C = auto() if False else 'c'
    ALIAS = 'a' if False else 'x'
    def describe(self): return f'{self.name}={self.value}'
    @classmethod
    def default(cls): return cls.B
print(Mode.A, Mode('b'), Mode['C'], Mode.A.describe(), Mode.default(), list(Mode), len(Mode), Mode.A in Mode, Mode.A == Mode.A, Mode.A != Mode.B, {Mode.A: 1}, isinstance(Mode.A, Mode))
try: Mode('zzz')
except ValueError as e: print(e)
class Str(str, Enum):
    X = 'x'
print(Str.X == 'x', Str.X.value, Str('x') is Str.X, Str.X.upper())
class Lv(IntEnum):
    LO = 1; HI = 5
print(Lv.HI > Lv.LO, Lv.HI + 1, sorted([Lv.HI, Lv.LO])[0].name, int(Lv.HI), [0] * Lv.LO, Lv(5).name)
class T(NamedTuple):
    a: int
    b: str = 'd'
    def both(self): return self.a, self.b
t = T(1); print(t, t.b, t.both(), t == (1, 'd'), T(b='z', a=0), t._replace(a=9), t._asdict(), len(t), [*t], T._fields)
N = namedtuple('N', ['x', 'y'], defaults=[5]); print(N(1), N(1, 2).x, N(*[3, 4]), isinstance(N(1), tuple)); x, y = N(7); print(x, y)
try: N()
except TypeError as e: print('missing')
dd = defaultdict(lambda: [0]); dd['k'].append(1); print(dict(dd), 'q' in dd, dd['q'], len(dd)); c = Counter('abracadabra'); print(c.most_common(2), c['a'], c['zz'], sum(c.values()))
dq = deque([1, 2, 3], maxlen=3); dq.append(4); dq.appendleft(0); print(list(dq), dq[0], len(dq)); dq.rotate(1); print(list(dq), dq.popleft(), dq.pop())
od = OrderedDict(a=1); od['b'] = 2; od.move_to_end('a'); print(list(od), od == {'a': 1, 'b': 2}, od.popitem(last=False))
# ---- decorators and functools
import functools
def twice(f):
    @functools.wraps(f)
    def w(*a, **k): return f(*a, **k), f(*a, **k)
    return w
@twice
@twice
def one(x=1): 'doc'; return x
print(one(), one(x=2), one.__name__)
class Deco:
    def __init__(self, f): self.f = f
    def __call__(self, *a): return 'deco', self.f(*a)
@Deco
def two(x): return x
print(two(3)); calls = []
@functools.lru_cache(maxsize=None)
def slow(x): calls.append(x); return x * 2
print(slow(2), slow(2), slow(3), calls, functools.reduce(lambda a, b: a - b, [10, 2, 3]), functools.reduce(lambda a, b: a + b, [], 5))
p = functools.partial(int, base=2); print(p('101'), p.func is int, functools.partial(functools.partial(max, 3), 9)(1), sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
class CP:
    @functools.cached_property
    def v(self): print('once'); return 5
c = CP(); print(c.v, c.v)
@functools.total_ordering
class TO:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(TO(1) <= TO(1), TO(2) > TO(1), TO(1) >= TO(2))
def clsdeco(c): c.extra = 9; return c
@clsdeco
class CD: pass
print(CD.extra, (lambda f: f)(3)); sm = staticmethod(lambda x: x)
# ---- containers by inheritance
class MyD(dict):
    def __missing__(self, k): return f'miss {k}'
    def __setitem__(self, k, v): super().__setitem__(k, v * 2)
d = MyD(a=1); d['b'] = 5; print(d, d['zz'], d.get('zz'), isinstance(d, dict), len(d), list(d.items()), {**d})
class MyL(list):
    def __init__(self, *a): super().__init__(a); self.extra = 'e'
    def append(self, x): super().append(x); return self
    def __getitem__(self, i): return 'item' if i == 0 else super().__getitem__(i)
l = MyL(1, 2); l.append(3).append(4); print(l, l[0], l[1], l.extra, len(l), l + [9], [x for x in l], isinstance(l, list))
class MyT(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    @property
    def first(self): return self[0]
t = MyT(1, 2); print(t, t.first, t == (1, 2), len(t)); a, b = t; print(a + b)
class MyI(int):
    def half(self): return self // 2
print(MyI(10).half(), MyI(3) + 1, type(MyI(3) + 1).__name__, MyI(5) > 4, range(MyI(3)), f'{MyI(7):03d}', MyI(2) == 2, {MyI(2): 'x'}[2])
class MyS(str):
    def shout(self): return self.upper() + '!'
print(MyS('a').shout(), MyS('a') + 'b', MyS('q') == 'q', {'q': 1}[MyS('q')], 'x'.join([MyS('1'), MyS('2')]), f'{MyS("z")}', len(MyS('abc')), MyS('abc')[1:], [c for c in MyS('ab')])
class Attr(dict):
    def __getattr__(self, k):
        try: return self[k]
        except KeyError: raise AttributeError(k)
    __setattr__ = dict.__setitem__
at = Attr(x=1); at.y = 2; print(at.x, at, hasattr(at, 'zz'))
class MySet(set): pass
print(MySet([1, 2]) | {3}, len(MySet([1])), 1 in MySet([1]))
# ---- builtins
print(abs(-3.5), min(3, 1, 2), max('a', 'b'), sum([0.1] * 3), round(0.5), round(1.5), round(2.675, 2), round(1234, -2), round(-1.5), divmod(17, 5), divmod(-17, 5), divmod(7.5, 2), pow(2, -1), pow(3, 4, 5))
print(list(range(5, 0, -2)), range(0, 10, 3)[2], len(range(0, 10, 3)), 9 in range(0, 10, 3), list(range(0)), range(3) == range(0, 3), range(10)[2:5], list(zip([1, 2, 3], 'ab')), list(map(str, [1, 2])), list(filter(lambda x: x > 1, [1, 2])), list(enumerate('ab', start=1)))
print(all([]), any([]), bool(''), bool('0'), int(3.9), int(-3.9), int('  12 '), int('-0x1f', 16), int('101', 2), float(' 1.5 '), float('-inf'), str(None), list((1, 2)), tuple([1]), dict([(1, 2)]), set([1, 1]), chr(97), ord('a'), hex(-255), bin(10), oct(64))
print(type(1) is int, type(1.0), type(''), type(None).__name__, isinstance(1, (str, int)), isinstance(True, int), isinstance(1, bool), callable(int), id(1) == id(1), sorted([3, 1, 2], reverse=True), list(reversed('abc')), iter([1]).__next__())
print(repr('a\'b"c'), repr('\n\\'), ascii('x'), format(3.14159, '.2f'), format('x', '>3'), [int(x) for x in '123'], 'abc'.__class__, (5).__add__(3) if hasattr(5, '__add__') else 8, slice(1, 2, 3), slice(5).indices(3), bytes(3), b'ab' + b'c', b'\x00\xff'[1], list(b'hi'))
it = iter([1, 2, 3]); print(next(it), list(it), next(it, 'end')); print(list(iter(iter([1, 2]))), [*zip(*[(1, 2), (3, 4)])], sum([[1], [2]], []), sum((i for i in range(3)), 10), max({'a': 3, 'b': 2}, key=lambda k: k), min([(2, 'b'), (1, 'z')]))
print(getattr(5, 'real'), hasattr('', 'join'), vars(type('X', (), {'a': 1})())), print(None), print(1, 2, sep=', ', end='!\n')
print(3 .__class__, 1.5.is_integer(), (2.0).is_integer(), 0.1 + 0.2 == 0.3, 1e308 * 10, -1e308 * 10, float('nan') == float('nan'), 5 // 0.3, -5 % 0.3, 2 ** 0.5, 4 ** -1, 0 ** 0, 7 // 2.0, -7 // 2, 7 % -3, 1_000_000, 0b101, 0o17, 0xFF, 1e3, .5, 5.)
for bad in (lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: 1.0 / 0, lambda: 0.0 ** -1, lambda: int(float('nan')), lambda: int(float('inf')), lambda: range(1, 2, 0), lambda: chr(-1), lambda: ord('ab'), lambda: max([]), lambda: [1, 2].index(5), lambda: 'a'.index('b'), lambda: {}.popitem(), lambda: next(iter([])), lambda: sorted([1, 'a']), lambda: sum(['a']), lambda: -'a', lambda: not_defined, lambda: (1).x, lambda: int([]), lambda: float(None), lambda: 'abc'.join([1]), lambda: 1 << -1, lambda: {}[1], lambda: hash([]), lambda: isinstance(1, 2), lambda: iter(5), lambda: len(3), lambda: 5[0], lambda: (lambda: 0)(1)):
    try: print(bad())
    except Exception as e: print(type(e).__name__, e)
# ---- descriptors and class hooks
class Typed:
    def __set_name__(self, owner, name): self.name = '_' + name
    def __get__(self, obj, owner=None): return self if obj is None else getattr(obj, self.name, None)
    def __set__(self, obj, value):
        if not isinstance(value, int): raise TypeError(f'{self.name} must be int')
        setattr(obj, self.name, value)
class U:
    a = Typed(); b = Typed()
    def __init__(self, a, b): self.a, self.b = a, b
u = U(1, 2); print(u.a, u.b, u.__dict__)
try: u.a = 'x'
except TypeError as e: print(e)
class Reg:
    items = {}
    def __init_subclass__(cls, /, key=None, **kw): super().__init_subclass__(**kw); Reg.items[key or cls.__name__] = cls
class R1(Reg): pass
class R2(Reg, key='two'): pass
print(sorted(Reg.items), Reg.items['two'].__name__)
class Gen:
    def __class_getitem__(cls, k): return f'{cls.__name__}[{k}]'
print(Gen[int if False else 3]); from typing import Generic, TypeVar, List, Dict, Union, Callable, Any
T = TypeVar('T')
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
    def get(self) -> T: return self.v
print(Box(3).get(), Box[int](4).get()); x: List[int] = [1]; y: 'Undefined' = 2; z: int; print(x, y, list[int] is not None, Optional if False else 'opt', isinstance(3, int | str), isinstance('a', (int, type(None))))
def annotated(a: Dict[str, Any], b: Union[int, None] = None, *c: int, **d: Callable[[int], str]) -> 'Box[int]': return a, b
print(annotated({})); from abc import ABC, abstractmethod
class Abs(ABC):
    @abstractmethod
    def f(self): ...
    @property
    @abstractmethod
    def g(self): ...
class Con(Abs):
    def f(self): return 'f'
    @property
    def g(self): return 'g'
print(Con().f(), Con().g, issubclass(Con, Abs))
# ---- seeded random numbers
import random
random.seed(0); print(random.random(), random.randint(0, 10), random.uniform(1, 2), random.choice([1, 2, 3]), random.sample(range(50), 4), random.gauss(0, 1), random.randrange(0, 100, 7), random.getrandbits(40), random.choices('abc', k=3))
r = random.Random(123456789012345); x = list(range(8)); r.shuffle(x); print(x, r.random()); random.seed(-5); print(random.random())
# ---- math
import math
print(math.sqrt(2), math.exp(1), math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.pow(2, 3), math.hypot(3, 4), math.atan2(1, 1), math.gcd(12, 18), math.lcm(4, 6), math.factorial(20), math.comb(5, 2), math.perm(5, 2), math.isqrt(17), math.prod([1, 2, 3]), math.fsum([0.1] * 10), math.modf(2.5), math.frexp(8.0), math.ldexp(0.5, 3), math.copysign(1, -0.0), math.fmod(-7, 3), math.isclose(1, 1 + 1e-10), math.isnan(math.nan), math.isinf(-math.inf), math.degrees(math.pi), math.radians(180), math.tau, math.cos(0), math.erf(0.0))
for bad in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.exp(1000), lambda: math.factorial(-1), lambda: math.floor('x')):
    try: print(bad())
    except Exception as e: print(type(e).__name__)
# ---- itertools and operator
import itertools as it, operator as op
print(list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], op.mul, initial=2)), list(it.chain.from_iterable([[1], [2, 3]])), list(it.combinations('abc', 2)), list(it.permutations([1, 2], 2)), list(it.product([1, 2], 'a')), list(it.zip_longest([1], 'ab', fillvalue=0)), list(it.takewhile(lambda x: x < 2, [1, 2, 1])), list(it.dropwhile(lambda x: x < 2, [1, 2, 1])), list(it.starmap(pow, [(2, 3)])), list(it.compress('abc', [1, 0, 1])), list(it.repeat(5, 2)), [next(c) for c in [it.cycle('ab')] for _ in range(3)], [(k, list(g)) for k, g in it.groupby('aabbc')], list(it.islice(it.count(5, 2), 3)), list(it.pairwise('abc')), [list(t) for t in it.tee([1, 2])], list(it.filterfalse(None, [0, 1])), list(it.combinations_with_replacement('ab', 2)))
print(op.itemgetter(1, 2)([1, 2, 3]), op.attrgetter('real')(5), op.methodcaller('upper')('a'), op.add(1, 2), op.truediv(1, 2), op.not_(0), op.contains([1], 1))
# ---- regular expressions and json
import re, json
print(re.match(r'(\w+)-(?P<n>\d+)', 'ab-12').groups(), re.search(r'\d+', 'a12').span(), re.sub(r'\s+', ' ', 'a  b\n c'), re.split(r'[,;]', 'a,b;c'), re.findall(r'(\w)=(\d)', 'a=1 b=2'), re.compile('a+').fullmatch('aaa').group(), re.match('x', 'y'), re.sub('(a)(b)', r'\2\1', 'ab'), re.sub('a', lambda m: m.group().upper(), 'banana', count=2), [m.start() for m in re.finditer('a', 'banana')], re.escape('a.b'), bool(re.search('HELLO', 'hello', re.I)), re.match(r'(?P<n>\d+)', '12').groupdict(), re.match('a(b)?', 'a').group(1))
print(json.dumps({'b': [1, 2.5, None, True, 'é"\n'], 'a': {'x': ()}}, sort_keys=True), json.dumps([1, {'a': 2}], indent=2), json.loads('{"a": [1, 2.0, null, "x\\u00e9"], "b": {"c": false}}'), json.dumps('x', ensure_ascii=True), json.dumps([1, 2], separators=(',', ':')))
try: json.loads('{bad}')
except ValueError: print('bad json')
# ---- copies and identity
import copy
a = [1, [2, 3]]; b = copy.copy(a); c = copy.deepcopy(a); a[1].append(4); print(b, c, a is b); d = {'k': a}; e = copy.deepcopy(d); a.append(5); print(e)
class O:
    def __init__(self): self.v = [1]; self.me = self
o = O(); p = copy.deepcopy(o); o.v.append(2); print(p.v, p.me is p, copy.copy(o).v is o.v); x = []; x.append(x); print(x == x, len(copy.deepcopy(x)))
print([] is [], () is (), None is None, 'a' is not None, True is True, a is not b)
# ---- hostile names
class X: pass
x = X(); x.__proto__ = 1; x.constructor = 2; x.prototype = 3; setattr(x, 'hasOwnProperty', 4); print(x.__proto__, x.constructor, x.prototype, x.hasOwnProperty, sorted(x.__dict__))
d = {'__proto__': {'polluted': 1}}; print(d, {}.get('polluted'), d['__proto__'])
def valueOf(): return 1
toString = 'ts'; constructor = 'c'; __proto__ = 'p'
print(valueOf(), toString, constructor, __proto__, [].__class__, getattr([], '__proto__', 'none'), hasattr({}, 'constructor'), getattr(print, 'call', 'no'), getattr('', 'length', 'no'))
kw = dict(__proto__=1, constructor=2)
def f(**k): return sorted(k)
print(f(**kw), f(toString=1), (lambda constructor, __proto__=5: (constructor, __proto__))(1))
# ---- starred call trap
class H:
    def __init__(self): self.b = [1, 2]; self.d = {'k': 3}
    def m(self, *a): return list(a)
a = H()
def f(*x, **k): return x, k
print(f(*a.b), f(*a.m(1, 2)), f(**a.d), f(*a.b[1:]), f(0, *a.b, *a.m(5)[0:1], **a.d), [*a.b], [*a.m(3)], (*a.b, 4), {*a.b}, f(*a.b or [9]), f(*(a.b + [7])), f(*a.b + [8]), f(*[1] if a else [2]))
x, *a.rest = 1, 2, 3; print(a.rest, *a.b, sep='-'); print(*a.m(*a.b)); y = *a.b, 9; print(y)
for q in *a.b, 5: print(q, end=' ')
print()
def r(): return *a.b, 6
print(r())
# ---- private names
class A:
    __hidden = 'a'
    def __init__(self): self.__x = 1; self.__x += 1
    def get(self): return self.__x, self.__hidden, self.__helper()
    def __helper(self): return 'A helper'
    def drop(self): del self.__x
class B(A):
    __hidden = 'b'
    def __init__(self): super().__init__(); self.__x = 5
    def mine(self): return self.__x, self.__hidden, __class__.__name__
    def __helper(self): return 'B helper'
b = B(); print(b.get(), b.mine(), sorted(b.__dict__), b._A__x, hasattr(b, '__x'), b.__class__.__name__); b.drop(); print(sorted(vars(b)))
class _C:
    def __init__(self): self.__y = 2
print(_C().__dict__, _C()._C__y)
from typing import NamedTuple
P = NamedTuple('P', [('x', int), ('y', int)]); print(P(1, y=2))
# ---- scopes of names
x = 'module'
class S:
    x = 'class'
    y = x
    def m(self): return x
    z = [x for _ in range(1)] if False else x
print(S.y, S().m(), S.z)
def shadow():
    x = 'local'
    class Inner:
        y = x
        x = 'inner'
        def get(self): return x
    def nested():
        def deep(): return x
        return deep()
    return Inner.y if False else Inner.x, Inner().get(), nested()
print(shadow())
def counter():
    total = 0
    def add(n):
        nonlocal total
        for i in range(n): total += i
        return total
    return add
c = counter(); print(c(3), c(4), [c(1) for _ in range(2)])
def defaults(a, b=x, *, c=(lambda: x)()): return a, b, c
x = 'changed'; print(defaults(1))
def loop_var():
    for i in range(3): pass
    return i, [i for i in 'ab'], i
print(loop_var())
def exc():
    e = 'before'
    try: 1 / 0
    except ZeroDivisionError as e: pass
    try: return e
    except NameError: return 'gone'
print(exc())
def late():
    def use(): return later
    later = 3
    return use()
print(late())
def walrus_scope(): 
    values = [y := v * 2 for v in range(3)]
    return values, y
print(walrus_scope(), [n for n in range(10) if (half := n / 2) == int(half)], half)
gen = (x + str(i) for i in range(2)); x = 'late '; print(list(gen))
# ---- changes while walking, and wide texts
def attempt(change):
    values = [3, 1, 2]
    try:
        values.sort(key=lambda v: (change(values), v)[1])
    except ValueError as e:
        return str(e), values
    return values
print(attempt(lambda v: v.append(9)), attempt(lambda v: v.extend([1, 2])), attempt(lambda v: len(v)))
def failing(v):
    raise KeyError(v)
values = [3, 1, 2]
try: values.sort(key=failing)
except KeyError as e: print(repr(e), values)
for text in ('a\tb', '\t\t', 'ab\tc\n\td\r\te', 'no tabs'):
    print([text.expandtabs(size) for size in (8, 4, 1, 0, -1)], len(text.expandtabs(150)))
print('-7'.zfill(5), '+'.zfill(3), 'x'.zfill(0), len('7'.zfill(2000)), 'ab'.zfill(2))
d = {1: 1}
try:
    for k in d: d[k + 1] = 1
except RuntimeError as e: print(e)
s = {1}
try:
    for k in s: s.add(k + 1)
except RuntimeError as e: print(e)
try:
    for k in d.items(): d.clear()
except RuntimeError as e: print(e)
x = [1, 2, 3]
for v in x:
    if v < 3: x.append(v + 10)
    if len(x) > 6: break
print(x)
